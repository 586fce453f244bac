import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../kernel/clock.ts';

/** Node's own timers cannot wait longer; one that is asked to fires at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  ticks: () => performance.now(),
  async sleep(ms, signal) {
    for (let left = ms; left > 0; left -= TIMER_MS_MAX) {
      await wait(Math.min(left, TIMER_MS_MAX), signal);
    }
    signal?.throwIfAborted();
  },
  after(ms, call) {
    const timer = setTimeout(call, Math.min(ms, TIMER_MS_MAX));
    return () => clearTimeout(timer);
  },
  timeout: (ms) => AbortSignal.timeout(Math.min(ms, TIMER_MS_MAX)),
};

/** The promise of node:timers rejects with a wrapper; callers are promised the signal's own reason. */
async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
