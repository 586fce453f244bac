import type { Clock } from '../kernel/clock.ts';

const AGAIN_MS = 100;

export interface Looking {
  readonly clock: Clock;
  /** Aborts when the demonstration is to end. */
  readonly signal: AbortSignal;
}

/** Looks until there is something to see. Rejects when the signal aborts. */
export async function demoLook<Seen>({ clock, signal }: Looking, look: () => Promise<Seen | undefined>): Promise<Seen> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await clock.sleep(AGAIN_MS, signal);
  }
}
