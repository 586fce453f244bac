import type { Browser, PageSeen, PageVisit } from '../../kernel/browser.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { RunningBrowser } from './launch.ts';
import { createSlots } from './slots.ts';
import { untilAborted } from './until-aborted.ts';

export interface BrowserDeps {
  readonly clock: Clock;
  /** Path of the program; null looks for Chromium on the PATH. */
  readonly program?: string | null;
  /** How long it is kept for the next visit. */
  readonly idleMs?: number;
}

export interface SystemBrowser extends Browser {
  /** Ends it, and every visit that is under way. */
  close(): Promise<void>;
}

const IDLE_MS = 60 * SECOND_MS;
/** Each may take a few hundred megabytes while it lasts. */
const VISITS_AT_ONCE = 4;
const PATIENCE_MIN_MS = 100;

/** One browser for all visits, started for the first of them and ended a while after the last. */
export function createBrowser({ clock, program = null, idleMs = IDLE_MS }: BrowserDeps): SystemBrowser {
  const slots = createSlots(VISITS_AT_ONCE);
  const closing = new AbortController();
  let running: Promise<RunningBrowser> | undefined;
  let visitors = 0;
  let stopWaiting: (() => void) | undefined;

  return {
    async visit(visit, signal) {
      const ended = AbortSignal.any([signal, closing.signal]);
      ended.throwIfAborted();
      const startedAt = clock.ticks();
      stopWaiting?.();
      visitors += 1;
      try {
        return await slots.use(ended, () => visitWith(visit, startedAt, ended));
      } finally {
        visitors -= 1;
        if (visitors === 0 && running !== undefined && !closing.signal.aborted)
          stopWaiting = clock.after(idleMs, () => void end());
      }
    },
    async close() {
      stopWaiting?.();
      closing.abort();
      await end();
    },
  };

  async function visitWith(visit: PageVisit, startedAt: number, signal: AbortSignal): Promise<PageSeen> {
    const [{ visitPage }, { chromium }] = await untilAborted(
      Promise.all([import('./visit.ts'), (running ??= start())]),
      signal,
    );
    const patienceMs = Math.max(PATIENCE_MIN_MS, visit.patienceMs - (clock.ticks() - startedAt));
    return visitPage(chromium, { ...visit, patienceMs }, { clock, signal });
  }

  async function start(): Promise<RunningBrowser> {
    try {
      const { launchBrowser } = await import('./launch.ts');
      const started = await launchBrowser(program);
      started.chromium.once('disconnected', () => void end(started));
      return started;
    } catch (error) {
      running = undefined;
      throw error;
    }
  }

  /** A browser that broke down is not ended in place of the one that was started after it. */
  async function end(broken?: RunningBrowser): Promise<void> {
    const current = await running?.catch(() => undefined);
    if (current === undefined || (broken !== undefined && broken !== current)) return;
    running = undefined;
    await current.close();
  }
}
