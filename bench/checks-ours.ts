/** Evenkeel's monitoring in a process of its own, as `serve` runs it: SQLite in a file, the real network. */

import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { migrations } from '../src/app/migrations.ts';
import type { Net } from '../src/kernel/net.ts';
import { createMonitoring, type Monitor, monitorTypes, planFor } from '../src/monitoring/index.ts';
import { createHostLook } from '../src/platform/host/host-look.ts';
import { createNet } from '../src/platform/net/net.ts';
import { migrateUp } from '../src/platform/sql/migrate.ts';
import { openSqlite } from '../src/platform/sql/sqlite.ts';
import { systemClock } from '../src/platform/system-clock.ts';
import { createSystemIds } from '../src/platform/system-ids.ts';
import { noBrowser } from '../test/support/fake-browser.ts';
import { silentLog } from '../test/support/silent-log.ts';
import { type OursReport, readJob, urlOf } from './checks-job.ts';
import { percentile } from './figure.ts';

const DELAY_RESOLUTION_MS = 10;
const TIMEOUT_MS = 5_000;

const job = readJob();
/** When each monitor's checks really began, on the monotonic clock. */
const beginnings = Array.from({ length: job.monitors }, (): number[] => []);
let checked = 0;
let failed = 0;
let unchecked = job.monitors;
let allCheckedAt: number | null = null;

const now = () => systemClock.now();
const db = openSqlite({ path: job.file, now });
await migrateUp(db, migrations, now());
const monitoring = createMonitoring({
  db,
  clock: systemClock,
  ids: createSystemIds(systemClock),
  log: silentLog,
  net: watched(createNet({ policy: 'manifest', clock: systemClock })),
  apiNet: createNet({ policy: 'api', clock: systemClock }),
  host: createHostLook({ clock: systemClock, folder: path.dirname(job.file) }),
  browser: noBrowser,
  environment: 'bench',
  runsChecks: true,
});
await monitoring.apply(planFor(Array.from({ length: job.monitors }, (_, index) => monitorOf(index))));
monitoring.start();

const delays = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
let windowFrom = 0;
process.on('message', (message) => void hear(message));
process.once('disconnect', () => process.exit());
process.send?.('started');

async function hear(message: unknown): Promise<void> {
  if (message === 'begin') {
    windowFrom = systemClock.ticks();
    delays.reset();
    delays.enable();
    process.send?.('begun');
    return;
  }
  if (message === 'stop') {
    await monitoring.stop();
    await db.close();
    process.disconnect?.();
    return;
  }
  const lateMs = latenesses();
  const report: OursReport = {
    checked,
    failed,
    lateP50Ms: percentile(lateMs, 0.5),
    lateP99Ms: percentile(lateMs, 0.99),
    lateMaxMs: percentile(lateMs, 1),
    // What the histogram holds is from one look to the next, which is its own pace and the delay on top.
    loopDelayP99Ms: Math.max(0, delays.percentile(99) / 1e6 - DELAY_RESOLUTION_MS),
    loopDelayMaxMs: Math.max(0, delays.max / 1e6 - DELAY_RESOLUTION_MS),
    // Since this process began, like everything on this clock.
    allCheckedAfterMs: allCheckedAt,
  };
  process.send?.(report);
}

/** Against the grid of its monitor, which is where the most punctual of all its checks puts it. */
function latenesses(): readonly number[] {
  return beginnings.flatMap((times) => {
    const phase = Math.min(...times.map((time, turn) => time - turnOf(times, turn) * job.everyMs));
    return times.flatMap((time, turn) =>
      time < windowFrom ? [] : [Math.round((time - phase - turnOf(times, turn) * job.everyMs) * 100) / 100],
    );
  });
}

/** Turns may have been skipped. */
function turnOf(times: readonly number[], index: number): number {
  return Math.round(((times[index] ?? 0) - (times[0] ?? 0)) / job.everyMs);
}

function watched(net: Net): Net {
  return {
    ...net,
    http: {
      async send(request) {
        const times = beginnings[Number(request.url.slice(request.url.lastIndexOf('-') + 1))];
        times?.push(systemClock.ticks());
        try {
          return await net.http.send(request);
        } catch (error) {
          failed += 1;
          throw error;
        } finally {
          checked += 1;
          if (times?.length === 1) unchecked -= 1;
          if (unchecked === 0) allCheckedAt ??= systemClock.ticks();
        }
      },
    },
  };
}

function monitorOf(index: number): Monitor {
  const { settings } = monitorTypes.get('http');
  return {
    name: `service-${index}`,
    type: 'http',
    settings: settings.parse({ http: urlOf(job, index) }),
    description: null,
    intervalMs: job.everyMs,
    timeoutMs: TIMEOUT_MS,
    confirm: { down: 2, up: 1 },
    dependsOn: [],
    locations: ['here'],
    reach: 'manifest',
    was: [],
  };
}
