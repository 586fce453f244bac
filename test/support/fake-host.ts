import assert from 'node:assert/strict';
import type { HostLook, HostResources } from '../../src/kernel/host.ts';

/** A machine that has what the test says, and nothing else to look at. */
export function fakeHost(
  parts: Partial<Omit<HostLook, 'resources'>> & { readonly resources?: () => HostResources } = {},
): HostLook {
  const untouchable = (): never => assert.fail('This check must not look at the machine.');
  const nothing = async (): Promise<never> => untouchable();
  const { resources = untouchable, readLog = nothing, processes = nothing, unit = nothing } = parts;
  return { resources: async () => resources(), readLog, processes, unit };
}
