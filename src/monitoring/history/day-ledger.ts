import type { Db } from '../../contracts/database.ts';
import type { MonitorHistory } from '../../contracts/facts.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import type { MonitorRecord } from '../state/monitor-store.ts';
import * as changeStore from './change-store.ts';
import { createDayBook, type DayBook } from './day-book.ts';
import * as pastStore from './past-store.ts';

export interface LedgerLook {
  /** UTC days, today included. */
  readonly days: number;
  readonly now: number;
  /** Of those that nobody checks any more: since when, by the number of the monitor. */
  readonly unknownSince: ReadonlyMap<number, number>;
}

/** Remembers the days of every monitor in this process, and reads from the database only what changed since. */
export interface DayLedger {
  /** By the number of the monitor. `records` are as they are stored. */
  histories(records: readonly MonitorRecord[], look: LedgerLook): Promise<ReadonlyMap<number, MonitorHistory>>;
}

/** Whoever asks for fewer days must not throw away what the page needs. */
const DAYS_MIN = 90;

/**
 * A table of days would have to be read whole for every look: 200 monitors × 90 days are 18,000 rows and 40 ms. Here a
 * look compares each monitor's state with the one in force in its book; both are written in one transaction.
 */
export function createDayLedger(db: Db): DayLedger {
  let books = new Map<number, DayBook>();
  let depth = DAYS_MIN;
  let editions: ReadonlyMap<number, number> = new Map();

  return {
    async histories(records, { days, now, unknownSince }) {
      if (days > depth) books = new Map();
      depth = Math.max(depth, days);
      await catchUp(records, now);
      return new Map(
        records.map(({ id }) => {
          const look = { days, now, knownUntil: unknownSince.get(id) ?? now };
          return [id, (books.get(id) ?? createDayBook(now)).read(look)];
        }),
      );
    },
  };

  /** To the past of some, something was added since. */
  async function forgetAdded(): Promise<void> {
    const newest = await pastStore.editions(db);
    for (const [id, edition] of newest) if (editions.get(id) !== edition) books.delete(id);
    editions = newest;
  }

  async function catchUp(records: readonly MonitorRecord[], now: number): Promise<void> {
    await forgetAdded();
    const from = now - (now % DAY_MS) - (depth - 1) * DAY_MS;
    const missing = records.filter(({ id }) => isMissing(books.get(id), now)).map(({ id }) => id);
    const moved = new Map(records.flatMap((record) => movedSince(books.get(record.id), record, now)));
    const found = [await changeStore.listSince(db, missing, from), await changeStore.listFrom(db, moved)];
    // Two looks at once may both bring the same changes; a book takes each of them once.
    for (const id of missing) if (isMissing(books.get(id), now)) books.set(id, createDayBook(from));
    for (const [id, changes] of found.flatMap((each) => [...each])) {
      // A clock that was set back: what is dated later is not history yet.
      books.get(id)?.add(changes.filter(({ at }) => at <= now));
    }
  }
}

function isMissing(book: DayBook | undefined, now: number): boolean {
  return book === undefined || (book.last()?.at ?? 0) > now;
}

function movedSince(
  book: DayBook | undefined,
  { id, state, since }: MonitorRecord,
  now: number,
): readonly (readonly [id: number, since: number])[] {
  if (book === undefined || isMissing(book, now)) return [];
  const last = book.last();
  return last?.at === since && last.state === state ? [] : [[id, last?.at ?? 0]];
}
