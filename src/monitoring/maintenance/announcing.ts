import type { Db } from '../../contracts/database.ts';
import { type Clock, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { MaintenanceBook } from './book.ts';
import type { MaintenanceCalendar, Occurrence } from './calendar.ts';
import * as telling from './telling.ts';

export interface AnnouncerDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: string;
  readonly book: MaintenanceBook;
}

/** Tells that windows begin and end, each once, whoever opened them and however many processes tell. */
export interface Announcer {
  start(): void;
  stop(): Promise<void>;
  /** Looks now: the calendar has changed. */
  wake(): void;
  /** One round; for whoever does not want to wait for the next. */
  announce(): Promise<void>;
}

export interface Announcements {
  readonly started: readonly Occurrence[];
  readonly ended: readonly (telling.Told & { readonly at: number })[];
}

/** What another process does by hand is noticed so soon. */
const LOOK_MS_MAX = 15 * SECOND_MS;
/** While the database is away. */
const RETRY_MS = MINUTE_MS / 4;

/** What has to be told now, when `told` is what was said to have begun and not to be over. Pure. */
function announcementsAt(calendar: MaintenanceCalendar, told: readonly telling.Told[], now: number): Announcements {
  const open = calendar.windows(now, now + 1).filter(({ monitors }) => monitors.length > 0);
  return {
    started: open.filter((window) => !told.some((each) => isSame(each, window))),
    ended: told
      .filter((each) => !open.some((window) => isSame(each, window)))
      // It may have been cut short, or taken out of the manifest: then it ends now.
      .map((each) => ({ ...each, at: Math.min(each.until ?? now, now) })),
  };
}

type Named = Pick<telling.Told, 'window' | 'from'>;

function isSame(one: Named, other: Named): boolean {
  return one.window === other.window && one.from === other.from;
}

export function createAnnouncer({ db, clock, log, environment, book }: AnnouncerDeps): Announcer {
  const stopping = new AbortController();
  let waking = new AbortController();
  let running: Promise<void> | undefined;

  return {
    start: () => void (running ??= run()),
    wake: () => waking.abort(),
    announce,
    async stop() {
      stopping.abort();
      await running;
    },
  };

  async function announce(): Promise<void> {
    if (!book.isKnown()) return;
    // In this order: a window by hand and the word of its beginning are committed together.
    const told = await telling.listUnended(db, environment);
    await book.refresh();
    const { started, ended } = announcementsAt(book.calendar(), told, clock.now());
    for (const window of started) await tellStarted(window);
    for (const window of ended) await tellEnded(window);
  }

  async function tellStarted({ window, title, monitors, from, until }: Occurrence): Promise<void> {
    await db.tx(async (tx) => {
      if (!(await telling.noteStarted(tx, environment, { window, title, from, until }))) return;
      await tx.emit('maintenance.started', { environment, window, title, monitors: [...monitors], at: from, until });
    });
  }

  async function tellEnded({ window, title, from, at }: Announcements['ended'][number]): Promise<void> {
    await db.tx(async (tx) => {
      if (!(await telling.noteEnded(tx, environment, { window, from, at }))) return;
      await tx.emit('maintenance.ended', { environment, window, title, at });
    });
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      waking = new AbortController();
      const pauseMs = await announce().then(untilNextChange, (error: unknown) => {
        log.warn('Could not tell of maintenance', { error });
        return RETRY_MS;
      });
      await clock.sleep(pauseMs, AbortSignal.any([waking.signal, stopping.signal])).catch(() => undefined);
    }
  }

  function untilNextChange(): number {
    const next = book.calendar().nextChange(clock.now());
    return Math.min(LOOK_MS_MAX, next === null ? LOOK_MS_MAX : next - clock.now());
  }
}
