import { LANES, type Lane } from '../contracts/outbound.ts';
import { type AttemptDeps, attempt } from './attempt.ts';
import { releaseAll } from './claims.ts';
import { createLane, type LaneSize } from './lane.ts';
import { createRecording, type RecordingDeps } from './recording.ts';

export interface WorkersDeps extends RecordingDeps, Omit<AttemptDeps, 'stopping'> {}

export interface Workers {
  start(): void;
  wake(): void;
  stop(): Promise<void>;
}

const SIZES: Readonly<Record<Lane, LaneSize>> = {
  page: { atOnce: 8, perChannel: 2 },
  alert: { atOnce: 4, perChannel: 2 },
  broadcast: { atOnce: 2, perChannel: 1 },
};

/** Each lane has workers of its own, so that nothing in one can delay another. */
export function createWorkers(deps: WorkersDeps): Workers {
  const { db, clock, log, environment } = deps;
  const stopping = new AbortController();
  const record = createRecording(deps);
  const lanes = LANES.map((lane) =>
    createLane(lane, SIZES[lane], {
      ...deps,
      stopping: stopping.signal,
      attempt: (claim) => attempt(claim, { ...deps, stopping: stopping.signal }),
      async record(claim, end) {
        await record(claim, end);
        // What comes next in the thread may be in another lane.
        wake();
      },
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
