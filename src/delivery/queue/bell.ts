import type { Clock } from '../../kernel/clock.ts';

/** Wakes one that sleeps. A ring that came while it was awake is not forgotten. */
export interface Bell {
  ring(): void;
  /** Until the next ring, at most `ms`, and not beyond the end of `stopping`. */
  wait(ms: number, stopping: AbortSignal): Promise<void>;
}

/** SQLite works while we wait for it: only a real pause lets everything else have its turn. */
const PAUSE_MS = 1;

export function createBell(clock: Clock): Bell {
  let rung = new AbortController();
  return {
    ring: () => rung.abort(),
    async wait(ms, stopping) {
      const [waitMs, waker] = rung.signal.aborted
        ? [PAUSE_MS, stopping]
        : [ms, AbortSignal.any([rung.signal, stopping])];
      await clock.sleep(Math.max(waitMs, PAUSE_MS), waker).catch(() => undefined);
      rung = new AbortController();
    },
  };
}
