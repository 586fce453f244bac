import type { Db } from '../../contracts/database.ts';
import type { State } from '../../contracts/state.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { CauseFinder } from './cause-finder.ts';
import { isWorse } from './confirmation.ts';
import { createGroupCommit, type Fence } from './group-commit.ts';
import * as monitorStore from './monitor-store.ts';
import type { Transition, Watch } from './watch.ts';

export interface CommitterDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: string;
  readonly causes: CauseFinder;
  readonly fence: Fence;
}

/**
 * Brings what is sure into the database, apart from checking: each monitor's changes in their order, with the dates they
 * really have, however long the database is away.
 */
export interface Committer {
  /** There is something new at the end of `standing.pending`. */
  wake(watch: Watch): void;
  /** Resolves when what waits now is committed, or cannot be at the moment. */
  settled(): Promise<void>;
  /** Tries what is left once more, and gives it up, saying so, when that fails. */
  close(): Promise<void>;
}

interface Lane {
  /** Everything is committed, or an attempt has failed. */
  readonly paused: PromiseWithResolvers<void>;
  readonly ended: Promise<void>;
}

const RETRY_MS = SECOND_MS;

export function createCommitter({ db, clock, log, environment, causes, fence }: CommitterDeps): Committer {
  const group = createGroupCommit({ db, fence });
  const lanes = new Map<Watch['standing'], Lane>();
  const closing = new AbortController();

  return {
    wake(watch) {
      const { standing } = watch;
      if (lanes.has(standing)) return;
      const paused = Promise.withResolvers<void>();
      const ended = drain(watch, paused.resolve).finally(() => {
        lanes.delete(standing);
        paused.resolve();
      });
      lanes.set(standing, { paused, ended });
    },
    async settled() {
      await Promise.all([...lanes.values()].map(({ paused }) => paused.promise));
    },
    async close() {
      closing.abort();
      await Promise.all([...lanes.values()].map(({ ended }) => ended));
    },
  };

  async function drain(watch: Watch, pause: () => void): Promise<void> {
    const { pending } = watch.standing;
    for (let next = pending[0]; next !== undefined; next = pending[0]) {
      if (await attempt(watch, next)) continue;
      if (closing.signal.aborted) return giveUp(watch);
      pause();
      await clock.sleep(RETRY_MS, closing.signal).catch(() => undefined);
    }
  }

  async function attempt({ standing }: Watch, next: Transition): Promise<boolean> {
    // A reload may give it another name while it waits.
    const name = () => standing.record.name;
    try {
      const { state, since: at, confirmedAt, reason } = next;
      const rootCause =
        next.rootCause === undefined ? await causeOf(name(), standing.record.state, state) : next.rootCause;
      const seen = standing.record;
      const record = await group.commit(seen, { environment, state, at, confirmedAt, reason, rootCause });
      if (record === undefined) {
        // Somebody else was faster, or it was taken out of the manifest. What is committed is the truth now.
        standing.record = (await monitorStore.find(db, seen.id)) ?? seen;
        // Or we were it, and the answer was lost on its way.
        const isOurs = standing.record.state === state && standing.record.since === Math.max(at, seen.since);
        standing.pending.splice(0, isOurs ? 1 : standing.pending.length);
        return true;
      }
      standing.record = { ...record, name: name() };
      // What was taken over from another process meanwhile begins a new list.
      if (standing.pending[0] === next) standing.pending.shift();
      log.info('A monitor changed its state.', { monitor: name(), state, since: record.since, reason, rootCause });
      return true;
    } catch (error) {
      log.error('A change of state could not be stored; trying again.', { monitor: name(), state: next.state, error });
      return false;
    }
  }

  /** Whoever got better needs no new look: nobody is blamed. */
  async function causeOf(name: string, from: State, to: State): Promise<string | null> {
    if (to !== 'down' && to !== 'degraded') return null;
    return isWorse(to, from) ? causes.find(name) : causes.known(name);
  }

  function giveUp({ standing }: Watch): void {
    const { name } = standing.record;
    log.error('A change of state is lost: the database is away.', { monitor: name, lost: standing.pending.length });
    standing.pending.length = 0;
  }
}
