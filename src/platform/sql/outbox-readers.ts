import type { Tx } from '../../contracts/database.ts';
import type { EventConsumer, EventListener, Position, RecordedEvent } from '../../contracts/events.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Database } from './database.ts';
import { hasHiddenEvents, lockCursor, moveCursor, type OutboxPage, readOutbox } from './outbox.ts';
import { park } from './parked-events.ts';
import { createPoison } from './poison.ts';

/** `hidden`: something is committed that an older transaction still keeps from being read. */
export type Outcome = 'more' | 'end' | 'hidden';

/** Hands on what has come since the last call, and says whether there may be more. */
export type ReadPage = () => Promise<Outcome>;

export interface ReaderDeps {
  readonly clock: Clock;
  readonly log: Log;
}

const PAGE = 100;
const BATCH = 50;

/**
 * Many events share a transaction while all goes well; after a failure each has its own, so that none is repeated. One
 * that goes on failing in the same way is put aside, or everything behind it would never be heard of.
 */
export function consumerReader(db: Database, consumer: EventConsumer, { clock, log }: ReaderDeps): ReadPage {
  const poison = createPoison();
  let batch = BATCH;
  return async () => {
    const size = batch;
    batch = 1;
    const page = await db.quiet('a handler announces what it does by itself', (tx) => consumeNext(tx, size));
    batch = BATCH;
    poison.clear();
    return outcomeOf(page, db);
  };

  async function consumeNext(tx: Tx, limit: number): Promise<OutboxPage> {
    const { name, hearsBackMs = Number.POSITIVE_INFINITY } = consumer;
    const from = await lockCursor(tx, name, Math.max(0, clock.now() - hearsBackMs));
    const page = await readOutbox(tx, from, limit);
    const { events, next, unknownCount } = page;
    if (unknownCount > 0)
      log.warn('Events of a newer version were skipped.', { consumer: consumer.name, unknownCount });
    for (const event of events) await handle(event, tx);
    if (next !== from) await moveCursor(tx, consumer.name, next);
    return page;
  }

  async function handle(event: RecordedEvent, tx: Tx): Promise<void> {
    const error = poison.verdict(event.position, clock.now());
    if (error !== undefined) {
      await park(tx, consumer.name, event, { error, at: clock.now() });
      log.error('An event was put aside: it cannot be handled.', { consumer: consumer.name, event: event.name, error });
      return;
    }
    try {
      await consumer.handle(event, tx);
    } catch (failure) {
      poison.failed(event.position, failure, clock.now());
      throw failure;
    }
  }
}

/** Tells what comes after `start`; its place is kept in memory only. */
export function listenerReader(db: Database, listener: EventListener, start: Position, log: Log): ReadPage {
  let position = start;
  return async () => {
    const page = await readOutbox(db, position, PAGE);
    position = page.next;
    for (const event of page.events) tell(listener, event, log);
    return outcomeOf(page, db);
  };
}

function tell(listener: EventListener, event: RecordedEvent, log: Log): void {
  try {
    listener(event);
  } catch (error) {
    log.error('A listener failed; it will hear the next event.', { event: event.name, error });
  }
}

/** What comes after a page that was not full is announced, except what an older transaction still hides. */
async function outcomeOf({ isFull, next }: OutboxPage, db: Database): Promise<Outcome> {
  if (isFull) return 'more';
  return (await hasHiddenEvents(db, next)) ? 'hidden' : 'end';
}
