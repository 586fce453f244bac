import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { EventConsumer, EventListener } from '../../contracts/events.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { createBell } from './bell.ts';
import type { Database } from './database.ts';
import { endOfOutbox } from './outbox.ts';
import { consumerReader, listenerReader, type ReadPage } from './outbox-readers.ts';

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
      readers.push(follow(`consumer ${consumer.name}`, consumerReader(db, consumer, { clock, log })));
    },
    async listen(listener) {
      readers.push(follow('listener', listenerReader(db, listener, await endOfOutbox(db), log)));
    },
    async stop() {
      stopping.abort();
      await Promise.all(readers);
    },
  };

  /** Reads page after page; between pages waits for an announcement, or for a while after a failure. */
  async function follow(who: string, readPage: ReadPage): Promise<void> {
    const bell = createBell(db, clock);
    let retryMs = RETRY_MS_MIN;
    while (!stopping.signal.aborted) {
      try {
        const outcome = await readPage();
        retryMs = RETRY_MS_MIN;
        if (outcome !== 'more') await bell.wait(outcome === 'hidden' ? LOOK_AGAIN_MS : LOOK_EVERY_MS, stopping.signal);
        // On SQLite nothing here waits for the outside: writers come first, and leave more for one page.
        await yieldToOthers();
      } catch (error) {
        if (stopping.signal.aborted) break;
        log.error('An event could not be handled; trying it again.', { who, retryMs, error });
        await pause(retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
      }
    }
    bell.remove();
  }

  async function pause(ms: number): Promise<void> {
    await clock.sleep(ms, stopping.signal).catch(() => undefined);
  }
}
