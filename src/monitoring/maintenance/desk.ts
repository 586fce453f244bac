import type { Db } from '../../contracts/database.ts';
import type { MaintenanceFacts } from '../../contracts/facts.ts';
import type { Clock } from '../../kernel/clock.ts';
import { formatDuration } from '../../kernel/duration.ts';
import type { Ids } from '../../kernel/ids.ts';
import { errors as monitorErrors } from '../errors.ts';
import type { MaintenanceBook } from './book.ts';
import * as byHand from './by-hand.ts';
import { errors } from './errors.ts';
import type { HandWindow } from './hand-window.ts';
import { FOR_MS_MAX } from './section.ts';
import { factOf, handNow, occurrenceNow, type WindowNow } from './window-now.ts';
import * as windowStore from './window-store.ts';

export interface DeskDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly environment: string;
  readonly book: MaintenanceBook;
  /** The names of what is watched now. */
  readonly monitors: () => readonly string[];
}

export interface WindowWish {
  readonly title: string;
  /** Null: everything that is watched. */
  readonly monitors: readonly string[] | null;
  /** Null: until somebody ends it. */
  readonly until: number | null;
  readonly pausesChecks: boolean;
  readonly reason: string | null;
  readonly startedBy: string;
}

export type PauseWish = Pick<WindowWish, 'until' | 'reason' | 'startedBy'>;

export interface DryRun {
  readonly dryRun: boolean;
}

/** Where people look at maintenance, begin it and end it. A dry run answers and refuses alike, and changes nothing. */
export interface MaintenanceDesk {
  readonly facts: MaintenanceFacts;
  windows(aheadMs: number): Promise<readonly WindowNow[]>;
  /** Throws MONITOR_UNKNOWN and MAINTENANCE_END_UNUSABLE. */
  start(wish: WindowWish, options: DryRun): Promise<WindowNow>;
  /** Throws MAINTENANCE_UNKNOWN, MAINTENANCE_PLANNED and MAINTENANCE_OVER. */
  end(id: string, options: DryRun): Promise<WindowNow>;
  /** A window on one monitor in which nothing is asked of it. Throws MONITOR_PAUSED too. */
  pause(monitor: string, wish: PauseWish, options: DryRun): Promise<WindowNow>;
  /** Throws MONITOR_UNKNOWN, MONITOR_NOT_PAUSED and MONITOR_PAUSED_WITH_OTHERS. */
  resume(monitor: string, options: DryRun): Promise<WindowNow>;
}

export function createMaintenanceDesk({ db, clock, ids, environment, book, monitors }: DeskDeps): MaintenanceDesk {
  return {
    facts: { windows: async (aheadMs) => (await windows(aheadMs)).map(factOf) },
    windows,
    start,
    async end(id, options) {
      const window = await windowStore.find(db, environment, id);
      if (window !== undefined) return end(window, options);
      const isPlanned = (await windows(FOR_MS_MAX)).some((each) => each.window === id);
      throw isPlanned ? errors.MAINTENANCE_PLANNED({ id }) : errors.MAINTENANCE_UNKNOWN({ id });
    },
    async pause(name, wish, options) {
      const [paused] = await pausesOf(name);
      if (paused !== undefined) throw errors.MONITOR_PAUSED({ name, id: paused.id });
      return start({ ...wish, title: `${name} is paused`, monitors: [name], pausesChecks: true }, options);
    },
    async resume(name, options) {
      const pauses = await pausesOf(name);
      const shared = pauses.find((each) => each.monitors?.length !== 1);
      if (shared !== undefined) throw errors.MONITOR_PAUSED_WITH_OTHERS({ name, id: shared.id });
      // Two at the same moment may both have paused it.
      const ended: WindowNow[] = [];
      for (const each of pauses) ended.push(await end(each, options));
      const [first] = ended;
      if (first === undefined) throw errors.MONITOR_NOT_PAUSED({ name });
      return first;
    },
  };

  async function windows(aheadMs: number): Promise<readonly WindowNow[]> {
    await book.refresh();
    const now = clock.now();
    const rowOf = (id: string) => book.byHand().find((each) => each.id === id);
    const found = book.calendar().windows(now, now + aheadMs + 1);
    return found.map((each) => occurrenceNow(each, rowOf(each.window), now));
  }

  async function start(wish: WindowWish, { dryRun }: DryRun): Promise<WindowNow> {
    for (const name of wish.monitors ?? []) demandMonitor(name);
    const from = clock.now();
    demandEnd(wish.until, from);
    const window: HandWindow = { ...wish, id: ids.next('mnt'), from, endedAt: null };
    if (!dryRun) await byHand.open(window, { db, environment, monitors: window.monitors ?? monitors() });
    return changed(window);
  }

  async function end(window: HandWindow, { dryRun }: DryRun): Promise<WindowNow> {
    const at = Math.max(clock.now(), window.from);
    if (byHand.isOver(window, at)) throw errors.MAINTENANCE_OVER({ id: window.id });
    if (dryRun) return changed(window);
    await byHand.close(window, at, { db, environment });
    return changed({ ...window, endedAt: at });
  }

  /** Whoever asks next, the engine too, has to see it. */
  async function changed(window: HandWindow): Promise<WindowNow> {
    await book.refresh();
    return handNow(window, monitors(), clock.now());
  }

  async function pausesOf(name: string): Promise<readonly HandWindow[]> {
    demandMonitor(name);
    const open = await windowStore.listOpenSince(db, environment, clock.now());
    return open.filter((each) => each.pausesChecks && (each.monitors?.includes(name) ?? true));
  }

  function demandMonitor(name: string): void {
    if (!monitors().includes(name)) throw monitorErrors.MONITOR_UNKNOWN({ name });
  }
}

function demandEnd(until: number | null, from: number): void {
  const lastsMs = until === null ? 1 : until - from;
  if (lastsMs > 0 && lastsMs <= FOR_MS_MAX) return;
  throw errors.MAINTENANCE_END_UNUSABLE({ max: formatDuration(FOR_MS_MAX) });
}
