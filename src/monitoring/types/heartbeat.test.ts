import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { fakeIo } from '../../../test/support/probe-io.ts';
import type { CheckResult, Ping } from '../monitor-type.ts';
import { heartbeat } from './heartbeat.ts';

const NOW = '2026-02-02T03:31:00Z';
const NIGHTLY = { heartbeat: '0 3 * * *', grace: '30m' };

interface Case {
  readonly name: string;
  readonly settings?: object;
  readonly ping: readonly [Ping['outcome'], string] | null;
  readonly expected: CheckResult | undefined;
}

const cases: readonly Case[] = [
  { name: 'a ping in time is up', ping: ['success', '2026-02-02T03:10:00Z'], expected: { state: 'up' } },
  {
    name: 'a ping that did not come is down',
    ping: ['success', '2026-02-01T03:10:00Z'],
    expected: {
      state: 'down',
      reason: 'A ping was due at 2026-02-02 03:00 UTC and did not come; the last one came at 2026-02-01 03:10 UTC.',
    },
  },
  {
    name: 'a job that never pinged is down once it was due',
    ping: null,
    expected: { state: 'down', reason: 'A ping was due at 2026-02-02 03:00 UTC and did not come; none ever came.' },
  },
  {
    name: 'of a job that never pinged and is not due yet nothing is known',
    settings: { heartbeat: '0 4 * * *' },
    ping: null,
    expected: undefined,
  },
  {
    name: 'a reported failure is down at once, however long the grace',
    ping: ['failure', '2026-02-02T03:30:59Z'],
    expected: { state: 'down', reason: 'The job reported a failure at 2026-02-02 03:30:59 UTC.' },
  },
  {
    name: 'a job that is running is up',
    ping: ['started', '2026-02-02T03:05:00Z'],
    expected: { state: 'up' },
  },
  {
    name: 'a job that runs longer than the grace is down',
    ping: ['started', '2026-02-02T03:00:10Z'],
    expected: { state: 'down', reason: 'The job started at 2026-02-02 03:00:10 UTC and has not reported its end.' },
  },
  {
    name: 'times are told in the zone of the job',
    settings: { ...NIGHTLY, zone: 'Europe/Berlin' },
    ping: ['failure', '2026-02-02T03:30:00Z'],
    expected: { state: 'down', reason: 'The job reported a failure at 2026-02-02 04:30 Europe/Berlin.' },
  },
];

for (const { name, settings = NIGHTLY, ping, expected } of cases) {
  test(`heartbeat: ${name}`, async () => {
    const check = heartbeat.prepare(heartbeat.settings.parse(settings));
    const lastPing = ping === null ? null : { outcome: ping[0], at: Date.parse(ping[1]) };
    const watchedSince = Date.parse('2026-02-01T12:00:00Z');

    const result = await check(fakeIo({ clock: new FakeClock(NOW), lastPing: () => lastPing, watchedSince }));

    assert.deepEqual(result, expected);
  });
}

test('heartbeat: settings that mean nothing are refused', () => {
  const refused = [{ heartbeat: 'often' }, { heartbeat: '5m', zone: 'Mars' }, { heartbeat: '5m', grace: '8d' }, {}];
  for (const settings of refused) assert.equal(heartbeat.settings.safeParse(settings).success, false);
});
