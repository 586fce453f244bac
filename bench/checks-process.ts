import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Job } from './checks-job.ts';

/** `_SC_CLK_TCK`, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Of all threads of a process, in seconds, from `/proc/PID/stat`: user and system time. */
export function cpuSeconds(pids: readonly number[]): number {
  const ticks = pids.map((pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program stands in brackets and may hold anything; what follows is numbers.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / TICKS_PER_SECOND;
}

/** In megabytes (10^6 bytes), together. */
export function residentMegabytes(pids: readonly number[]): number {
  const kilobytes = pids.map((pid) => /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return (kilobytes.reduce((sum, one) => sum + Number(one), 0) * 1_024) / 1e6;
}

export function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('A process could not be started.');
  return pid;
}

/** One of the programs of this folder. */
export function startProgram(name: string, job?: Job): ChildProcess {
  const argv = job === undefined ? [] : [JSON.stringify(job)];
  return fork(path.join(import.meta.dirname, name), argv, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** What it says next; it must not end before that. */
export async function said<Schema extends z.ZodType>(child: ChildProcess, schema: Schema): Promise<z.output<Schema>> {
  const settled = new AbortController();
  const { signal } = settled;
  const death = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`A process of this benchmark ended with ${code}.`);
  });
  try {
    const [message]: unknown[] = await Promise.race([once(child, 'message', { signal }), death]);
    return schema.parse(message);
  } finally {
    settled.abort();
  }
}

export async function asked<Schema extends z.ZodType>(
  child: ChildProcess,
  question: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const answer = said(child, schema);
  child.send(question);
  return answer;
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  if (child.connected) child.disconnect();
  else child.kill();
  await exit;
}

/** Answers from a process of its own, until `ending`. */
export async function startTarget(ending: AsyncDisposableStack) {
  const child = startProgram('checks-target.ts');
  ending.defer(() => ended(child));
  const { ports } = await said(child, z.object({ ports: z.array(z.int()) }));
  return {
    ports,
    answered: async () => (await asked(child, 'answered', z.object({ answered: z.int() }))).answered,
  };
}
