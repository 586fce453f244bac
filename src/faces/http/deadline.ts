import type { Clock } from '../../kernel/clock.ts';

/** Whether the work was done within `ms`; a failure counts as not done. The work itself is not stopped. */
export async function isDoneWithin(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  const stopWaiting = new AbortController();
  const tooLate = clock.sleep(ms, stopWaiting.signal).then(
    () => false,
    () => false,
  );
  const done = work.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([done, tooLate]);
  } finally {
    stopWaiting.abort();
  }
}
