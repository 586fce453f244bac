import assert from 'node:assert/strict';
import type { HostLook, HostResources, LogPiece } from '../../src/kernel/host.ts';

/** A machine that has what the test says, and nothing else to look at. */
export function fakeHost(
  parts: { readonly resources?: () => HostResources; readonly readLog?: HostLook['readLog'] } = {},
): HostLook {
  const untouchable = (): never => assert.fail('This check must not look at the machine.');
  const { resources = untouchable, readLog = async (): Promise<LogPiece> => untouchable() } = parts;
  return { resources: async () => resources(), readLog };
}
