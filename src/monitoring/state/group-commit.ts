import type { Db, Tx } from '../../contracts/database.ts';
import type { MonitorRecord } from './monitor-store.ts';
import { commitState, type StateCommit } from './state-commit.ts';

export interface GroupCommitDeps {
  readonly db: Db;
  /** Those of these monitors that are still ours to speak for. */
  readonly fence: Fence;
}

export type Fence = (tx: Tx, monitorIds: readonly number[]) => Promise<ReadonlySet<number>>;

/** Commits changes of many monitors in one transaction: a whole rack that fails costs one commit, not a hundred. */
export interface GroupCommit {
  /** The record as it now is; undefined when the monitor was not as the caller saw it, or is not ours any more. */
  commit(seen: MonitorRecord, change: StateCommit): Promise<MonitorRecord | undefined>;
}

interface Request {
  readonly seen: MonitorRecord;
  readonly change: StateCommit;
  readonly done: PromiseWithResolvers<MonitorRecord | undefined>;
}

const AT_ONCE_MAX = 100;

export function createGroupCommit({ db, fence }: GroupCommitDeps): GroupCommit {
  const waiting: Request[] = [];
  let isBusy = false;
  let atOnce = AT_ONCE_MAX;

  return {
    commit(seen, change) {
      const done = Promise.withResolvers<MonitorRecord | undefined>();
      waiting.push({ seen, change, done });
      if (!isBusy) void work();
      return done.promise;
    },
  };

  async function work(): Promise<void> {
    isBusy = true;
    // Whatever else is found in this very moment shares the first commit.
    await Promise.resolve();
    while (waiting.length > 0) await commitTogether(waiting.splice(0, atOnce));
    isBusy = false;
  }

  /** What fails together may fail because of one: the next attempts go one by one until they succeed again. */
  async function commitTogether(requests: readonly Request[]): Promise<void> {
    const ids = requests.map(({ seen }) => seen.id);
    try {
      const records = await db.tx(async (tx) => {
        const ours = await fence(tx, ids);
        const committed: (MonitorRecord | undefined)[] = [];
        for (const { seen, change } of requests) {
          committed.push(ours.has(seen.id) ? await commitState(tx, seen, change) : undefined);
        }
        return committed;
      });
      atOnce = Math.min(atOnce * 2, AT_ONCE_MAX);
      for (const [index, { done }] of requests.entries()) done.resolve(records[index]);
    } catch (error) {
      atOnce = 1;
      for (const { done } of requests) done.reject(error);
    }
  }
}
