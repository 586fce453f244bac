import process from 'node:process';
import * as z from 'zod';

const Job = z.object({
  monitors: z.int(),
  everyMs: z.number(),
  /** Where the targets answer; they are shared out evenly. */
  ports: z.array(z.int()).min(1),
  /** The database, for whoever keeps one. */
  file: z.string(),
});
/** What each of those who are compared is told to check; the one argument of its process, as JSON. */
export type Job = z.infer<typeof Job>;

/** What our own monitoring says of itself. */
export const OursReport = z.object({
  checked: z.int(),
  /** Got no answer. */
  failed: z.int(),
  /** From the turn of a check to its beginning, within the window. */
  lateP50Ms: z.number(),
  lateP99Ms: z.number(),
  lateMaxMs: z.number(),
  loopDelayP99Ms: z.number(),
  loopDelayMaxMs: z.number(),
  /** Since its process began; null while there is one that was never checked. */
  allCheckedAfterMs: z.number().nullable(),
});
export type OursReport = z.infer<typeof OursReport>;

export function readJob(): Job {
  return Job.parse(JSON.parse(process.argv[2] ?? ''));
}

export function urlOf({ ports }: Pick<Job, 'ports'>, index: number): string {
  return `http://127.0.0.1:${ports[index % ports.length]}/service-${index}`;
}
