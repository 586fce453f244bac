import type { MonitorHistory } from '../../src/contracts/facts.ts';
import type { Change } from '../../src/monitoring/history/availability.ts';
import { createDayBook } from '../../src/monitoring/history/day-book.ts';

/** What monitoring says of a monitor with these changes, ascending. */
export function historyOf(changes: readonly Change[], days: number, now: number): MonitorHistory {
  const book = createDayBook(0);
  book.add(changes.filter(({ at }) => at <= now));
  return book.read({ days, now, knownUntil: now });
}
