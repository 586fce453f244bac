import type { Db } from '../../contracts/database.ts';
import { type Clock, MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Part } from '../monitor-type.ts';
import type { Ownership } from '../scheduling/ownership.ts';
import * as partStore from './part-store.ts';

export interface PartKeeperDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: string;
  readonly ownership: Pick<Ownership, 'fence'>;
}

/** Brings the parts that checks tell of into the database, when they change and at no other time. */
export interface PartKeeper {
  /** Reads again what is stored; the parts of monitors that nobody asks here any more are removed. */
  refresh(isAskedHere: (monitorId: number) => boolean): Promise<void>;
  /** What the latest check told of; waits for nobody. */
  hear(monitorId: number, at: number, parts: readonly Part[] | undefined): void;
  /** Resolves when everything heard so far is stored, or cannot be at the moment. */
  settled(): Promise<void>;
  /** Tries what is left once more. */
  close(): Promise<void>;
}

interface Heard {
  readonly at: number;
  readonly parts: readonly Part[];
}

/** Many a detail is another one at each check, as milliseconds are: those are brought up to date this often. */
const DETAILS_EVERY_MS = MINUTE_MS;
const RETRY_MS = SECOND_MS;

export function createPartKeeper({ db, clock, log, environment, ownership }: PartKeeperDeps): PartKeeper {
  /** What the database has, as far as we know; nothing for monitors without parts. */
  let stored = new Map<number, Heard>();
  const waiting = new Map<number, Heard>();
  const closing = new AbortController();
  let saving: Promise<void> | undefined;
  let attempt = Promise.resolve();

  return {
    async refresh(isAskedHere) {
      const rows = await partStore.list(db, environment);
      stored = new Map(rows.map(({ monitorId, at, text }) => [monitorId, { at, parts: partStore.partsOf(text) }]));
      for (const id of stored.keys()) if (!isAskedHere(id)) add(id, { at: clock.now(), parts: [] });
    },
    hear(monitorId, at, parts = NONE) {
      const known = waiting.get(monitorId) ?? stored.get(monitorId);
      if (known === undefined ? parts.length > 0 : isNews(known, { at, parts })) add(monitorId, { at, parts });
    },
    settled: () => attempt,
    async close() {
      closing.abort();
      await saving;
    },
  };

  function add(monitorId: number, heard: Heard): void {
    waiting.set(monitorId, heard);
    saving ??= save().finally(() => (saving = undefined));
  }

  async function save(): Promise<void> {
    while (waiting.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      attempt = promise;
      // What else is found in this very moment shares the commit.
      await Promise.resolve();
      const hasSaved = await saveTogether([...waiting]);
      resolve();
      if (hasSaved) continue;
      if (closing.signal.aborted) return;
      await clock.sleep(RETRY_MS, closing.signal).catch(() => undefined);
    }
  }

  async function saveTogether(batch: readonly (readonly [monitorId: number, heard: Heard])[]): Promise<boolean> {
    try {
      const ids = batch.map(([monitorId]) => monitorId);
      await db.soon('parts are looked up, not announced', async (tx) => {
        const ours = await ownership.fence(tx, ids);
        for (const [monitorId, { at, parts }] of batch) {
          if (!ours.has(monitorId)) continue;
          if (parts.length === 0) await partStore.remove(tx, monitorId);
          else await partStore.set(tx, { monitorId, at, text: partStore.textOf(parts) });
        }
      });
      for (const [monitorId, heard] of batch) keep(monitorId, heard);
      return true;
    } catch (error) {
      log.error('The parts of monitors could not be stored; trying again.', { waiting: batch.length, error });
      return false;
    }
  }

  function keep(monitorId: number, heard: Heard): void {
    if (heard.parts.length === 0) stored.delete(monitorId);
    else stored.set(monitorId, heard);
    if (waiting.get(monitorId) === heard) waiting.delete(monitorId);
  }
}

const NONE: readonly Part[] = [];

/**
 * Another part or another state is news at once; another detail only when the last news is old; another order never, for
 * many a program has a new one for each answer.
 */
function isNews(known: Heard, { at, parts }: Heard): boolean {
  if (known.parts.length !== parts.length) return true;
  const isOld = Math.abs(at - known.at) >= DETAILS_EVERY_MS;
  const before = new Map(known.parts.map((part) => [part.name, part]));
  return parts.some(({ name, state, detail }) => {
    const last = before.get(name);
    return last?.state !== state || (isOld && last.detail !== detail);
  });
}
