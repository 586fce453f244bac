import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
import { startPrometheus } from './checks-prometheus.ts';
import type { Figure } from './figure.ts';

const SIZES = [200, 1_000, 2_000];
const EVERY_MS = 5_000;
/** Two turns, in which everything is compiled and every target is known. */
const WARM_UP_MS = 2 * EVERY_MS;
const WINDOW_MS = 8 * EVERY_MS;
const PEERS_RATIO_MAX = 1 / 3;
const BARE_RATIO_MAX = 2;

interface Cost {
  /** Seconds of processor time for a thousand checks. */
  readonly cpuS: number;
  readonly memoryMb: number;
  readonly checks: number;
}

interface Place {
  readonly job: Job;
  readonly answered: () => Promise<number>;
}

/** One after the other on the same targets: two processors are too few for all of them at once. */
export const checks: readonly Benchmark[] = SIZES.map((monitors) => ({
  name: `checks-${monitors}`,
  summary: `${monitors.toLocaleString('en')} HTTP targets every 5 s, against Prometheus with its blackbox exporter`,
  async measure() {
    await using ending = new AsyncDisposableStack();
    const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-bench-'));
    ending.defer(() => rmSync(folder, { recursive: true }));
    const { ports, answered } = await startTarget(ending);
    const job = { monitors, everyMs: EVERY_MS, ports, file: path.join(folder, 'evenkeel.db') };
    const place = { job, answered };
    const { report, ...ours } = await costOfOurs(place);
    const bare = await costOfBare(place);
    const theirs = await costOfPrometheus(place, path.join(folder, 'prometheus'));
    return figuresOf({ ours, bare, theirs }, report);
  },
}));

async function costOfOurs(place: Place): Promise<Cost & { readonly report: OursReport }> {
  await using ending = new AsyncDisposableStack();
  const child = startProgram('checks-ours.ts', place.job);
  ending.defer(() => ended(child));
  await said(child, z.literal('started'));
  const cost = await costOf([pidOf(child)], place, async () => void (await asked(child, 'begin', z.literal('begun'))));
  return { ...cost, report: await asked(child, 'report', OursReport) };
}

async function costOfBare(place: Place): Promise<Cost> {
  await using ending = new AsyncDisposableStack();
  const child = startProgram('checks-bare.ts', place.job);
  ending.defer(() => ended(child));
  return await costOf([pidOf(child)], place);
}

async function costOfPrometheus(place: Place, folder: string): Promise<Cost> {
  await using ending = new AsyncDisposableStack();
  return await costOf(await startPrometheus(ending, place.job, folder), place);
}

/** What the processes take while they go on as they do; the target counts the checks, so nobody is taken at its word. */
async function costOf(pids: readonly number[], { answered }: Place, begin = async () => undefined): Promise<Cost> {
  await sleep(WARM_UP_MS);
  await begin();
  const before = { cpu: cpuSeconds(pids), answered: await answered() };
  await sleep(WINDOW_MS);
  const count = (await answered()) - before.answered;
  return {
    cpuS: ((cpuSeconds(pids) - before.cpu) / count) * 1_000,
    memoryMb: residentMegabytes(pids),
    checks: count,
  };
}

function figuresOf(costs: Readonly<Record<'ours' | 'bare' | 'theirs', Cost>>, report: OursReport): readonly Figure[] {
  const { ours, bare, theirs } = costs;
  return [
    { name: 'processor time for 1,000 checks', value: ours.cpuS, unit: 's' },
    { name: 'of a bare node:http loop', value: bare.cpuS, unit: 's' },
    { name: 'of Prometheus and its exporter', value: theirs.cpuS, unit: 's' },
    { name: 'ours / theirs', value: ours.cpuS / theirs.cpuS, unit: 'ratio', target: { atMost: PEERS_RATIO_MAX } },
    { name: 'ours / bare', value: ours.cpuS / bare.cpuS, unit: 'ratio', target: { atMost: BARE_RATIO_MAX } },
    { name: 'memory, resident', value: ours.memoryMb, unit: 'MB', target: { atMost: theirs.memoryMb } },
    { name: 'memory of a bare loop', value: bare.memoryMb, unit: 'MB' },
    { name: 'memory of Prometheus and its exporter', value: theirs.memoryMb, unit: 'MB' },
    { name: 'late, p50', value: report.lateP50Ms, unit: 'ms' },
    { name: 'late, p99', value: report.lateP99Ms, unit: 'ms' },
    { name: 'checks of ours, theirs within the window', value: ours.checks, unit: 'checks' },
    { name: 'the same of theirs', value: theirs.checks, unit: 'checks' },
    { name: 'checks of ours without an answer', value: report.failed, unit: 'checks', target: { atMost: 0 } },
  ];
}

if (import.meta.main) await runBenchmarks(checks);
