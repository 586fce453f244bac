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

const MINUTE = 60_000;
const at = (text: string) => Date.parse(`2026-02-02T${text}Z`);

/** Runs that have an id, under a grace of half an hour, at 03:31. */
for (const { name, ping, open, state } of [
  { name: 'a run that ends while another one goes on is well', ping: '03:20:00', open: ['03:10:00'], state: 'up' },
  { name: 'a run that never ended is down after the grace', ping: '03:00:30', open: ['03:00:00'], state: 'down' },
  { name: 'a lost run counts no more once another one ended well', ping: '03:30:30', open: ['03:00:00'], state: 'up' },
] as const) {
  test(`heartbeat: ${name}`, async () => {
    const check = heartbeat.prepare(heartbeat.settings.parse({ heartbeat: '1h', grace: '30m' }));
    const io = fakeIo({
      clock: new FakeClock(NOW),
      lastPing: () => ({ at: at(ping), outcome: 'success' }),
      openRuns: () => open.map(at),
      watchedSince: at('00:00:00'),
    });

    const result = await check(io);

    assert.equal(result?.state, state);
    if (result?.state === 'down') {
      assert.equal(result.reason, 'A run that started at 2026-02-02 03:00 UTC has not reported its end.');
    }
  });
}

test('heartbeat: what the job measured is the latency, and how long its run took a reading', async () => {
  const check = heartbeat.prepare(heartbeat.settings.parse({ heartbeat: '1h' }));
  const ping = { at: at('03:30:00'), outcome: 'success', latencyMs: 12, durationMs: 5 * MINUTE } as const;

  const result = await check(fakeIo({ clock: new FakeClock(NOW), lastPing: () => ping }));

  assert.deepEqual(result, { state: 'up', latencyMs: 12, readings: { duration: 5 * MINUTE } });
});

test('heartbeat: a failure says why, as far as the job told', async () => {
  const check = heartbeat.prepare(heartbeat.settings.parse({ heartbeat: '1h' }));
  const reasons: unknown[] = [];
  for (const said of [{ exitStatus: 3 }, { message: 'The disk is full.' }, { exitStatus: 1, message: 'no' }]) {
    const lastPing = () => ({ at: at('03:30:00'), outcome: 'failure', ...said }) as const;
    const result = await check(fakeIo({ clock: new FakeClock(NOW), lastPing }));
    reasons.push(result && 'reason' in result && result.reason);
  }
  assert.deepEqual(reasons, [
    'The job ended with status 3 at 2026-02-02 03:30 UTC.',
    'The job reported a failure at 2026-02-02 03:30 UTC: The disk is full.',
    'The job ended with status 1 at 2026-02-02 03:30 UTC: no.',
  ]);
});

test('heartbeat: a job that failed and begins again has failed until it ends well', async () => {
  const check = heartbeat.prepare(heartbeat.settings.parse({ heartbeat: '1h', grace: '30m' }));
  const lastPing = () => ({ at: at('03:30:30'), outcome: 'started' }) as const;
  const after = async (outcome: 'success' | 'failure') =>
    check(fakeIo({ clock: new FakeClock(NOW), lastPing, lastEnd: () => ({ at: at('03:20:00'), outcome }) }));

  assert.deepEqual(await after('failure'), {
    state: 'down',
    reason: 'The job reported a failure at 2026-02-02 03:20 UTC.',
  });
  assert.equal((await after('success'))?.state, 'up');
});

test('heartbeat: settings that mean nothing are refused', () => {
  const refused = [{ heartbeat: 'often' }, { heartbeat: '5m', zone: 'Mars' }, { heartbeat: '5m', grace: '8d' }, {}];
  for (const settings of refused) assert.equal(heartbeat.settings.safeParse(settings).success, false);
});
