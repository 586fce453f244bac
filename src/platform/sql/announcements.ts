import type pg from 'pg';
import { messageOf } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';

const CHANNEL = 'evenkeel_outbox';
/** NOTIFY inside a transaction makes all commits take turns; one after the commit, for many commits, costs nothing. */
const GATHER_MS = 5;
const RECONNECT_MS = 1_000;

export interface Announcements {
  /** Something was committed here: wakes listeners of this process at once, and those of others soon after. */
  announce(): void;
  onAnnounced(listener: () => void): () => void;
  close(): Promise<void>;
}

/**
 * Wakes consumers in every process by LISTEN and NOTIFY, on a connection of its own. It is only a wake-up: whoever
 * listens also looks by itself from time to time, so a lost notification costs a delay and nothing else.
 */
export function createAnnouncements({ connect, log }: { connect: () => Promise<pg.Client>; log: Log }): Announcements {
  const listeners = new Set<() => void>();
  let client: pg.Client | undefined;
  let gathering: NodeJS.Timeout | undefined;
  let reconnecting: NodeJS.Timeout | undefined;
  let isClosed = false;
  let hasNews = false;
  let connecting = listen();

  return {
    announce() {
      wake();
      hasNews = true;
      gathering ??= setTimeout(() => void notifyOthers(), GATHER_MS);
    },
    onAnnounced(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      isClosed = true;
      clearTimeout(gathering);
      clearTimeout(reconnecting);
      await connecting;
      await client?.end().catch(() => undefined);
    },
  };

  function wake(): void {
    for (const listener of listeners) listener();
  }

  async function notifyOthers(): Promise<void> {
    hasNews = false;
    try {
      await client?.query(`notify ${CHANNEL}`);
    } catch (error) {
      log.debug('Other processes could not be woken.', { reason: messageOf(error) });
    }
    // What came in meanwhile is told in one go; one connection carries one query at a time.
    gathering = hasNews && !isClosed ? setTimeout(() => void notifyOthers(), GATHER_MS) : undefined;
  }

  async function listen(): Promise<void> {
    let fresh: pg.Client | undefined;
    try {
      fresh = await connect();
      fresh.on('notification', wake);
      fresh.on('error', reconnectLater);
      fresh.on('end', reconnectLater);
      await fresh.query(`listen ${CHANNEL}`);
      client = fresh;
      // What was announced while nobody listened is found by looking.
      wake();
    } catch (error) {
      log.warn('Waiting for events of other processes failed; trying again.', { reason: messageOf(error) });
      reconnectLater();
      await fresh?.end().catch(() => undefined);
    }
  }

  function reconnectLater(): void {
    client = undefined;
    if (isClosed || reconnecting !== undefined) return;
    reconnecting = setTimeout(() => {
      reconnecting = undefined;
      connecting = listen();
    }, RECONNECT_MS);
  }
}
