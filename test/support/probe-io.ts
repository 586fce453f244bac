import assert from 'node:assert/strict';
import process from 'node:process';
import type { CheckResult, MonitorType, ProbeIo } from '../../src/monitoring/monitor-type.ts';
import { createHostLook } from '../../src/platform/host/host-look.ts';
import { createNet } from '../../src/platform/net/net.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { noBrowser } from './fake-browser.ts';
import { FakeClock } from './fake-clock.ts';
import { fakeHost } from './fake-host.ts';
import { realBrowser } from './real-browser.ts';

/** For checks that must touch nothing but what the test hands them. */
export function fakeIo(parts: Partial<ProbeIo> = {}): ProbeIo {
  const untouchable = () => assert.fail('This check must not use the network.');
  return {
    clock: new FakeClock(),
    net: {
      http: { send: untouchable },
      tcp: { connect: untouchable },
      udp: { exchange: untouchable },
      tls: { inspect: untouchable },
      ping: { send: untouchable },
      resolve: untouchable,
      nameServers: untouchable,
    },
    host: fakeHost(),
    browser: noBrowser,
    ids: createSystemIds(systemClock),
    signal: new AbortController().signal,
    timeoutMs: 10_000,
    lastPing: () => null,
    lastEnd: () => null,
    openRuns: () => [],
    said: () => null,
    stateOf: async () => null,
    watchedSince: 0,
    ...parts,
  };
}

/** Checks a real target, with the settings as they stand in a manifest. */
export async function probe(
  type: MonitorType,
  settings: object,
  {
    timeoutMs = 10_000,
    signal,
    io: told = {},
  }: { readonly timeoutMs?: number; readonly signal?: AbortSignal; readonly io?: Partial<ProbeIo> } = {},
): Promise<CheckResult | undefined> {
  const net = createNet({ policy: 'manifest', clock: systemClock });
  const deadline = systemClock.timeout(timeoutMs);
  const io = fakeIo({
    clock: systemClock,
    net,
    host: createHostLook({ clock: systemClock, folder: process.cwd() }),
    browser: realBrowser,
    timeoutMs,
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    ...told,
  });
  return type.prepare(type.settings.parse(settings))(io);
}

/** Why it is not up; whatever the reason, `hush` is a secret in all these tests. */
export function reasonOf(result: CheckResult | undefined): string {
  assert.notEqual(result?.state, 'up');
  const reason = result !== undefined && 'reason' in result ? result.reason : '';
  assert.doesNotMatch(reason, /hush/);
  return reason;
}
