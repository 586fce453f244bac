import type { Clock } from '../../kernel/clock.ts';
import type { Database } from './database.ts';

/** Rings when something was announced. A ring that came while nobody waited is not forgotten. */
export interface Bell {
  /** Until the next ring, at most `ms`, and not beyond the end of `stopping`. */
  wait(ms: number, stopping: AbortSignal): Promise<void>;
  remove(): void;
}

export function createBell(db: Pick<Database, 'onAnnounced'>, clock: Clock): Bell {
  let hasRung = false;
  let wake: (() => void) | undefined;
  const remove = db.onAnnounced(() => {
    hasRung = true;
    wake?.();
  });
  return {
    remove,
    async wait(ms, stopping) {
      if (!hasRung) {
        const rung = new AbortController();
        wake = () => rung.abort();
        await clock.sleep(ms, AbortSignal.any([rung.signal, stopping])).catch(() => undefined);
      }
      hasRung = false;
      wake = undefined;
    },
  };
}
