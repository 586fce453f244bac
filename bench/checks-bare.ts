/** The least that Node can do: ask each target in turn, read the answer, forget it. No deadline, no memory, no state. */
import { get } from 'node:http';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readJob, urlOf } from './checks-job.ts';

const job = readJob();
process.once('disconnect', () => process.exit());
const startedAt = performance.now();
for (let turn = 0; ; turn += 1) {
  const waitMs = startedAt + (turn * job.everyMs) / job.monitors - performance.now();
  if (waitMs > 0) await sleep(waitMs);
  ask(urlOf(job, turn % job.monitors));
}

function ask(url: string): void {
  get(url, { agent: false }, (response) => response.resume()).once('error', (error) => {
    throw error;
  });
}
