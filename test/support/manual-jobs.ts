import type { JobDefinition, Jobs } from '../../src/contracts/jobs.ts';

interface Queued {
  readonly job: JobDefinition;
  readonly payload: unknown;
  readonly key: string | undefined;
}

/** Jobs that run when a test says so, one after the other. */
export interface ManualJobs extends Jobs {
  readonly queue: Queued[];
  /** Runs all that is waiting, and what that makes wait. */
  run(signal?: AbortSignal): Promise<void>;
}

export function manualJobs(): ManualJobs {
  const queue: Queued[] = [];
  const taken = new Set<string>();
  return {
    queue,
    async enqueue(_tx, job, payload, { key } = {}) {
      if (key !== undefined && taken.has(`${job.name} ${key}`)) return false;
      if (key !== undefined) taken.add(`${job.name} ${key}`);
      queue.push({ job, payload, key });
      return true;
    },
    async run(signal = new AbortController().signal) {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { job, payload, key } = next;
        await job.handle(job.payload.parse(payload), { id: 'job', attempt: 1, signal });
        if (key !== undefined) taken.delete(`${job.name} ${key}`);
      }
    },
  };
}
