import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Tx } from '../../contracts/database.ts';
import type { EventConsumer, EventListener, Position } from '../../contracts/events.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Database } from './database.ts';
import { endOfOutbox, hasHiddenEvents, lockCursor, moveCursor, readOutbox } from './outbox.ts';

export interface EventStreamDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
}

export interface EventStream {
  /** Runs until `stop`; every event is handled in order, exactly once as far as the database is concerned. */
  consume(consumer: EventConsumer): void;
  /** Tells `listener` what is committed from now on; resolves once nothing can be missed any more. */
  listen(listener: EventListener): Promise<void>;
  /** Ends when every reader has finished the event at hand. */
  stop(): Promise<void>;
}

/** `hidden`: something is committed that an older transaction still keeps from being read. */
type Outcome = 'more' | 'end' | 'hidden';

const PAGE = 100;
const BATCH = 50;
/** A wake-up can be lost with a connection; looking once in a while costs one query. */
const LOOK_EVERY_MS = 5 * SECOND_MS;
const LOOK_AGAIN_MS = 10;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 30 * SECOND_MS;

export function createEventStream({ db, clock, log }: EventStreamDeps): EventStream {
  const stopping = new AbortController();
  const readers: Promise<void>[] = [];

  return {
    consume(consumer) {
      readers.push(follow(`consumer ${consumer.name}`, pageReader(consumer)));
    },
    async listen(listener) {
      const tail = { position: await endOfOutbox(db) };
      readers.push(follow('listener', () => listenToPage(listener, tail)));
    },
    async stop() {
      stopping.abort();
      await Promise.all(readers);
    },
  };

  /** Reads page after page; between pages waits for an announcement, or for a while after a failure. */
  async function follow(who: string, readPage: () => Promise<Outcome>): Promise<void> {
    const bell = createBell(db);
    let retryMs = RETRY_MS_MIN;
    while (!stopping.signal.aborted) {
      try {
        const outcome = await readPage();
        retryMs = RETRY_MS_MIN;
        // On SQLite nothing here waits for the outside; a long backlog must not hold up everything else.
        if (outcome === 'more') await yieldToOthers();
        else await bell.wait(outcome === 'hidden' ? LOOK_AGAIN_MS : LOOK_EVERY_MS);
      } catch (error) {
        if (stopping.signal.aborted) break;
        log.error('An event could not be handled; trying it again.', { who, retryMs, error });
        await pause(retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
      }
    }
    bell.remove();
  }

  /** Many events share a transaction while all goes well; after a failure each has its own, so that none is repeated. */
  function pageReader(consumer: EventConsumer): () => Promise<Outcome> {
    let batch = BATCH;
    return async () => {
      const size = batch;
      batch = 1;
      const outcome = await db.quiet('a handler announces what it does by itself', (tx) =>
        consumeNext(consumer, tx, size),
      );
      batch = BATCH;
      if (outcome.moved) return 'more';
      return (await hasHiddenEvents(db, outcome.position)) ? 'hidden' : 'end';
    };
  }

  async function consumeNext(consumer: EventConsumer, tx: Tx, limit: number) {
    const position = await lockCursor(tx, consumer.name);
    const { events, next, unknownCount } = await readOutbox(tx, position, limit);
    if (unknownCount > 0)
      log.warn('Events of a newer version were skipped.', { consumer: consumer.name, unknownCount });
    for (const event of events) await consumer.handle(event, tx);
    if (next !== position) await moveCursor(tx, consumer.name, next);
    return { moved: next !== position, position };
  }

  async function listenToPage(listener: EventListener, tail: { position: Position }): Promise<Outcome> {
    const { events, next } = await readOutbox(db, tail.position, PAGE);
    tail.position = next;
    for (const event of events) tell(listener, event);
    if (events.length === PAGE) return 'more';
    return (await hasHiddenEvents(db, next)) ? 'hidden' : 'end';
  }

  function tell(listener: EventListener, event: Parameters<EventListener>[0]): void {
    try {
      listener(event);
    } catch (error) {
      log.error('A listener failed; it will hear the next event.', { event: event.name, error });
    }
  }

  /** Waits for the next announcement, at most `ms`. One that came while nobody waited is not forgotten. */
  function createBell(source: Database) {
    let hasRung = false;
    let wake: (() => void) | undefined;
    const remove = source.onAnnounced(() => {
      hasRung = true;
      wake?.();
    });
    const wait = async (ms: number): Promise<void> => {
      if (!hasRung) {
        const rung = new AbortController();
        wake = () => rung.abort();
        await pause(ms, rung.signal);
      }
      hasRung = false;
      wake = undefined;
    };
    return { wait, remove };
  }

  async function pause(ms: number, until: AbortSignal = stopping.signal): Promise<void> {
    await clock.sleep(ms, AbortSignal.any([until, stopping.signal])).catch(() => undefined);
  }
}
