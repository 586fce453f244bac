import type { Db } from '../../contracts/database.ts';
import { LANES, type Lane } from '../../contracts/outbound.ts';
import type { Ids } from '../../kernel/ids.ts';
import { type AttemptDeps, attempt } from './attempt.ts';
import { releaseAll } from './claims.ts';
import { createLane } from './lane.ts';
import type { LaneSize } from './taking.ts';

export interface WorkersDeps extends Omit<AttemptDeps, 'stopping'> {
  readonly db: Db;
  readonly ids: Ids;
  readonly environment: string;
}

export interface Workers {
  start(): void;
  wake(): void;
  stop(): Promise<void>;
}

const SIZES: Readonly<Record<Lane, LaneSize>> = {
  page: { atOnce: 24, perChannel: 8 },
  alert: { atOnce: 12, perChannel: 4 },
  broadcast: { atOnce: 2, perChannel: 1 },
};

/** Each lane has workers of its own, so that nothing in one can delay another. */
export function createWorkers(deps: WorkersDeps): Workers {
  const { db, clock, ids, log, environment } = deps;
  const stopping = new AbortController();
  const lanes = LANES.map((lane) =>
    createLane({
      ...deps,
      lane,
      size: SIZES[lane],
      stopping: stopping.signal,
      chance: () => chance(ids),
      attempt: (claim) => attempt(claim, { ...deps, stopping: stopping.signal }),
      onRecorded: wake,
    }),
  );
  let running: Promise<unknown> | undefined;

  return {
    start() {
      running ??= run();
    },
    wake,
    async stop() {
      stopping.abort();
      await running;
    },
  };

  function wake(): void {
    for (const lane of lanes) lane.wake();
  }

  async function run(): Promise<void> {
    if (db.engine === 'sqlite') await releaseLeases();
    await Promise.all(lanes.map((lane) => lane.run()));
  }

  /** On SQLite there is one process at a time: the leases are those of one that died. */
  async function releaseLeases(): Promise<void> {
    try {
      await db.quiet('takes back what a crash left behind', (tx) => releaseAll(tx, environment, clock.now()));
    } catch (error) {
      log.warn('Messages that a crash left behind have to wait until their leases run out.', { error });
    }
  }
}

const CHANCE_BYTES = 4;

/** From 0 to 1. */
function chance(ids: Ids): number {
  const bytes = Buffer.from(ids.secret(CHANCE_BYTES), 'base64url');
  return bytes.readUInt32BE() / 2 ** (8 * CHANCE_BYTES);
}
