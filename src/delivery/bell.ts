import type { Clock } from '../kernel/clock.ts';

/** Wakes one that sleeps. A ring that came while it was awake is not forgotten. */
export interface Bell {
  ring(): void;
  /** Until the next ring, at most `ms`, and not beyond the end of `stopping`. */
  wait(ms: number, stopping: AbortSignal): Promise<void>;
}

export function createBell(clock: Clock): Bell {
  let rung = new AbortController();
  return {
    ring: () => rung.abort(),
    async wait(ms, stopping) {
      await clock.sleep(ms, AbortSignal.any([rung.signal, stopping])).catch(() => undefined);
      rung = new AbortController();
    },
  };
}
