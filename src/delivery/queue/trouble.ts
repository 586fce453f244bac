import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';

/** The database is away: said once, and tried again less and less often. */
export interface Trouble {
  /** Fulfils when it is time to try again, or to stop. */
  pause(cause: unknown, stopping: AbortSignal): Promise<void>;
  /** It works again. */
  end(): void;
}

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5 * SECOND_MS;

export function createTrouble({ clock, log }: { readonly clock: Clock; readonly log: Log }): Trouble {
  let retryMs = RETRY_MS_MIN;
  let isThere = false;
  return {
    async pause(cause, stopping) {
      if (!isThere) log.error('The queue of messages cannot be used; nothing is lost, trying again.', { error: cause });
      isThere = true;
      const ms = retryMs;
      retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
      await clock.sleep(ms, stopping).catch(() => undefined);
    },
    end() {
      if (isThere) log.info('The queue of messages can be used again.');
      isThere = false;
      retryMs = RETRY_MS_MIN;
    },
  };
}
