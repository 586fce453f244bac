import type { Db, SqlRow, Tx } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { type Ownership, SOLE_OWNER } from '../scheduling/ownership.ts';
import * as resultStore from './result-store.ts';

export interface ResultWriter {
  /** Takes a result at once; it is on disk a moment later. */
  write(monitorId: number, result: resultStore.ResultRecord): void;
  /** Resolves when everything taken so far is on disk. */
  flush(): Promise<void>;
  /** Writes what waits, and tries no more: what cannot be written now is given up, and counted. */
  close(): Promise<void>;
}

interface Found {
  readonly monitorId: number;
  /** Under which it was found. */
  readonly epoch: number | undefined;
  readonly row: SqlRow;
}

/** One transaction for everything that came in meanwhile: a commit costs far more than a row. */
const GATHER_MS = 250;
const BATCH_MAX = 5_000;
/** While the database is away the newest results wait here; beyond this the oldest are given up, and counted. */
const WAITING_MAX = 200_000;
const RETRY_MS = 1_000;

export interface ResultWriterDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  /** What is somebody else's by now, or was in between, is dropped. */
  readonly ownership?: Pick<Ownership, 'epochOf' | 'fence'>;
}

export function createResultWriter({ db, clock, log, ownership = SOLE_OWNER }: ResultWriterDeps): ResultWriter {
  let waiting: Found[] = [];
  let isScheduled = false;
  let isClosed = false;
  let lastTurn: Promise<void> = Promise.resolve();
  /** Has not begun yet: whoever asks meanwhile shares it, or turns would pile up while the database is away. */
  let nextTurn: Promise<void> | undefined;

  return {
    write(monitorId, result) {
      waiting.push({ monitorId, epoch: ownership.epochOf(monitorId), row: resultStore.toRow(monitorId, result) });
      if (waiting.length > WAITING_MAX) giveUpOldest();
      if (!isScheduled) void flushLater(GATHER_MS);
    },
    flush,
    async close() {
      isClosed = true;
      try {
        await flush();
      } catch (error) {
        log.error('The last check results are lost: the database is away.', { lost: waiting.length, error });
        waiting = [];
      }
    },
  };

  function flush(): Promise<void> {
    if (nextTurn !== undefined) return nextTurn;
    const turn = lastTurn.then(() => {
      nextTurn = undefined;
      return writeAll();
    });
    nextTurn = turn;
    lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async function flushLater(waitMs: number): Promise<void> {
    isScheduled = true;
    await clock.sleep(waitMs);
    isScheduled = false;
    try {
      await flush();
    } catch (error) {
      if (isClosed) return;
      log.error('Check results could not be stored; trying again.', { waiting: waiting.length, error });
      if (!isScheduled) void flushLater(RETRY_MS);
    }
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH_MAX);
      try {
        await db.soon('results are read, not announced', (tx) => appendOurs(tx, batch, ownership));
      } catch (error) {
        waiting = [...batch, ...waiting];
        throw error;
      }
    }
  }

  function giveUpOldest(): void {
    waiting.splice(0, BATCH_MAX);
    log.error('The database has been away for too long; the oldest check results are lost.', { lost: BATCH_MAX });
  }
}

async function appendOurs(
  tx: Tx,
  batch: readonly Found[],
  { fence, epochOf }: Pick<Ownership, 'epochOf' | 'fence'>,
): Promise<void> {
  const ours = await fence(tx, [...new Set(batch.map(({ monitorId }) => monitorId))]);
  const kept = batch.filter(({ monitorId, epoch }) => ours.has(monitorId) && epochOf(monitorId) === epoch);
  if (kept.length > 0) {
    await resultStore.append(
      tx,
      kept.map(({ row }) => row),
    );
  }
}
