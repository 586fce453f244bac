import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import type { PastOfMonitor } from '../../src/faces/cli/offline-import.ts';
import type { KumaRow } from '../support/kuma-database.ts';
import { movedFrom } from '../support/kuma-home.ts';

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
const NOW_S = Math.floor(Date.now() / 1_000);
const TODAY_S = NOW_S - (NOW_S % DAY_S);
const YESTERDAY_S = TODAY_S - DAY_S;

const MONITOR: readonly KumaRow[] = [
  { id: 1, name: 'Web', type: 'ping', hostname: 'a.example' },
  { id: 2, name: 'Push', type: 'push', push_token: 'token-12345', interval: 60 },
  { id: 3, name: 'SQL', type: 'sqlserver' },
];

function stat(id: number, timestamp: number, more: KumaRow): KumaRow {
  return { monitor_id: id, timestamp, up: 60, down: 0, ping: 0, ...more };
}

/** As Kuma writes times. */
function beat(status: number, seconds: number, important = 1): KumaRow {
  const time = new Date(seconds * 1_000).toISOString().replace('T', ' ').replace('Z', '');
  return { monitor_id: 1, status, time, important };
}

test('whole days come as days and today by the hour, with their outages and how fast the answers were', async (t) => {
  const home = movedFrom(t, {
    monitor: MONITOR,
    stat_daily: [
      stat(1, YESTERDAY_S, { up: 1_300, down: 140, ping: 41.25, ping_min: 12, ping_max: 900 }),
      stat(1, TODAY_S, { up: 100, down: 20 }),
      stat(2, YESTERDAY_S, { up: 1_440 }),
      stat(3, YESTERDAY_S, { up: 1_440 }),
      stat(1, YESTERDAY_S + 5, { up: 1_440 }),
      stat(2, YESTERDAY_S - DAY_S, { up: 0, down: 0 }),
    ],
    stat_hourly: [stat(1, YESTERDAY_S, { up: 60 }), stat(1, TODAY_S, { up: 45, down: 15, ping: 3.5 })],
    heartbeat: [
      beat(1, YESTERDAY_S - 9 * DAY_S),
      beat(0, YESTERDAY_S + HOUR_S),
      beat(0, YESTERDAY_S + HOUR_S + 60, 0),
      beat(1, YESTERDAY_S + 2 * HOUR_S),
      beat(0, TODAY_S - 600),
      beat(3, TODAY_S + 900),
      beat(1, TODAY_S + 1_200),
    ],
  });
  await home.import();

  const pasts: PastOfMonitor[] = [];
  for await (const past of home.offline.importedPast({ source: 'kuma', where: 'kuma.db' })) pasts.push(past);

  const at = (seconds: number) => seconds * 1_000;
  assert.deepEqual(pasts, [
    {
      monitor: 'web',
      spans: [
        {
          at: at(YESTERDAY_S),
          length: 'day',
          up: 1_300,
          down: 140,
          latency: { averageMs: 41.25, minMs: 12, maxMs: 900 },
          outages: [
            { from: at(YESTERDAY_S + HOUR_S), to: at(YESTERDAY_S + 2 * HOUR_S) },
            { from: at(TODAY_S - 600), to: at(TODAY_S) },
          ],
        },
        {
          at: at(TODAY_S),
          length: 'hour',
          up: 45,
          down: 15,
          latency: { averageMs: 3.5, minMs: 3.5, maxMs: 3.5 },
          outages: [{ from: at(TODAY_S), to: at(TODAY_S + 900) }],
        },
      ],
    },
    {
      monitor: 'push',
      spans: [{ at: at(YESTERDAY_S), length: 'day', up: 1_440, down: 0, latency: null, outages: [] }],
    },
  ]);
  // Nothing was left beside what was only read.
  assert.deepEqual(
    readdirSync(home.folder).filter((file) => file.startsWith('kuma.db')),
    ['kuma.db'],
  );
});
