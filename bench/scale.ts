import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type Benchmark, runBenchmarks } from './benchmark.ts';
import { type Job, OursReport } from './checks-job.ts';
import {
  asked,
  cpuSeconds,
  ended,
  pidOf,
  residentMegabytes,
  said,
  startProgram,
  startTarget,
} from './checks-process.ts';
import type { Figure } from './figure.ts';

const SIZES = [100, 1_000, 10_000];
const EVERY_MS = 30_000;
const TURNS = 2;
const LATE_P99_MAX_MS = 250;
const LOOP_DELAY_P99_MAX_MS = 50;
const MEMORY_MAX_MB = 400;
const RESTART_MAX_MS = EVERY_MS;

export const scale: readonly Benchmark[] = SIZES.map((monitors) => ({
  name: `scale-${monitors}`,
  summary: `${monitors.toLocaleString('en')} HTTP monitors every 30 s in one process, and its restart`,
  async measure() {
    await using ending = new AsyncDisposableStack();
    const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-bench-'));
    ending.defer(() => rmSync(folder, { recursive: true }));
    const { ports } = await startTarget(ending);
    const job = { monitors, everyMs: EVERY_MS, ports, file: path.join(folder, 'evenkeel.db') };
    const steady = await steadyFigures(job);
    const restart = await allCheckedAfter(job);
    return [
      ...steady,
      { name: 'restart, until all are checked', value: restart, unit: 'ms', target: { atMost: RESTART_MAX_MS } },
      { name: 'false downs', value: downsIn(job.file), unit: 'checks', target: { atMost: 0 } },
    ];
  },
}));

/** The first turn is the start, which is spread over one interval; what follows is how it goes on for ever. */
async function steadyFigures(job: Job): Promise<readonly Figure[]> {
  await using ending = new AsyncDisposableStack();
  const child = startProgram('checks-ours.ts', job);
  ending.defer(() => ended(child));
  const pids = [pidOf(child)];
  await said(child, z.literal('started'));
  await sleep(EVERY_MS);
  await asked(child, 'begin', z.literal('begun'));
  const before = { cpu: cpuSeconds(pids), ...(await asked(child, 'report', OursReport)) };
  await sleep(TURNS * EVERY_MS);
  const cpu = cpuSeconds(pids) - before.cpu;
  const memory = residentMegabytes(pids);
  const report = await asked(child, 'report', OursReport);
  await stopped(child);
  const checks = report.checked - before.checked;
  return [
    { name: 'processor time for 1,000 checks', value: (cpu / checks) * 1_000, unit: 's' },
    { name: 'late, p50', value: report.lateP50Ms, unit: 'ms' },
    { name: 'late, p99', value: report.lateP99Ms, unit: 'ms', target: { atMost: LATE_P99_MAX_MS } },
    { name: 'late, at most', value: report.lateMaxMs, unit: 'ms' },
    {
      name: 'delay of the event loop, p99',
      value: report.loopDelayP99Ms,
      unit: 'ms',
      target: { atMost: LOOP_DELAY_P99_MAX_MS },
    },
    { name: 'delay of the event loop, at most', value: report.loopDelayMaxMs, unit: 'ms' },
    { name: 'memory, resident', value: memory, unit: 'MB', target: { atMost: MEMORY_MAX_MB } },
    { name: 'checks within two turns', value: checks, unit: 'checks' },
  ];
}

/** From the start of a process that finds everything in its database. */
async function allCheckedAfter(job: Job): Promise<number> {
  await using ending = new AsyncDisposableStack();
  const child = startProgram('checks-ours.ts', job);
  ending.defer(() => ended(child));
  await said(child, z.literal('started'));
  const giveUpAt = performance.now() + 3 * EVERY_MS;
  for (;;) {
    const { allCheckedAfterMs } = await asked(child, 'report', OursReport);
    if (allCheckedAfterMs !== null || performance.now() > giveUpAt) {
      await stopped(child);
      return allCheckedAfterMs ?? Number.POSITIVE_INFINITY;
    }
    await sleep(1_000);
  }
}

/** As `serve` ends: what is under way is finished and written down. */
async function stopped(child: ReturnType<typeof startProgram>): Promise<void> {
  const exit = once(child, 'exit');
  child.send('stop');
  await exit;
}

function downsIn(file: string): number {
  using db = new DatabaseSync(file, { readOnly: true });
  return Number(db.prepare('select count(*) as count from check_result where outcome = 2').get()?.['count']);
}

if (import.meta.main) await runBenchmarks(scale);
