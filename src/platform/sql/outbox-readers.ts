import type { Tx } from '../../contracts/database.ts';
import type { EventConsumer, EventListener, Position, RecordedEvent } from '../../contracts/events.ts';
import type { Log } from '../../kernel/log.ts';
import type { Database } from './database.ts';
import { hasHiddenEvents, lockCursor, moveCursor, readOutbox } from './outbox.ts';

/** `hidden`: something is committed that an older transaction still keeps from being read. */
export type Outcome = 'more' | 'end' | 'hidden';

/** Hands on what has come since the last call, and says whether there may be more. */
export type ReadPage = () => Promise<Outcome>;

const PAGE = 100;
const BATCH = 50;

/** Many events share a transaction while all goes well; after a failure each has its own, so that none is repeated. */
export function consumerReader(db: Database, consumer: EventConsumer, log: Log): ReadPage {
  let batch = BATCH;
  return async () => {
    const size = batch;
    batch = 1;
    const { from, next } = await db.quiet('a handler announces what it does by itself', (tx) => consumeNext(tx, size));
    batch = BATCH;
    return next === from ? endOrHidden(db, next) : 'more';
  };

  async function consumeNext(tx: Tx, limit: number) {
    const from = await lockCursor(tx, consumer.name);
    const { events, next, unknownCount } = await readOutbox(tx, from, limit);
    if (unknownCount > 0)
      log.warn('Events of a newer version were skipped.', { consumer: consumer.name, unknownCount });
    for (const event of events) await consumer.handle(event, tx);
    if (next !== from) await moveCursor(tx, consumer.name, next);
    return { from, next };
  }
}

/** Tells what comes after `start`; its place is kept in memory only. */
export function listenerReader(db: Database, listener: EventListener, start: Position, log: Log): ReadPage {
  let position = start;
  return async () => {
    const { events, next } = await readOutbox(db, position, PAGE);
    const hasMoved = next !== position;
    position = next;
    for (const event of events) tell(listener, event, log);
    return hasMoved ? 'more' : endOrHidden(db, next);
  };
}

function tell(listener: EventListener, event: RecordedEvent, log: Log): void {
  try {
    listener(event);
  } catch (error) {
    log.error('A listener failed; it will hear the next event.', { event: event.name, error });
  }
}

async function endOrHidden(db: Database, position: Position): Promise<Outcome> {
  return (await hasHiddenEvents(db, position)) ? 'hidden' : 'end';
}
