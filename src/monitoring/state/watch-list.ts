import type { Db } from '../../contracts/database.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import * as resultStore from '../history/result-store.ts';
import type { Monitor } from '../monitor.ts';
import type { Ownership } from '../scheduling/ownership.ts';
import { monitorTypes } from '../types/index.ts';
import * as monitorStore from './monitor-store.ts';
import { register } from './registration.ts';
import { lastSeenOf, newer, type Watch, watchOver } from './watch.ts';

export interface WatchListDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly environment: string;
  readonly ownership: Pick<Ownership, 'mayCheck'>;
}

/** Everything that is watched, by name. */
export interface WatchList {
  of(name: string): Watch | undefined;
  all(): readonly Watch[];
  isOurs(watch: Watch): boolean;
  /** Those whose state is ours to say. */
  ours(): readonly Watch[];
  /** Exactly these from now on; what is known of a monitor outlives the change, also under another name. */
  renew(monitors: readonly Monitor[]): Promise<void>;
  /** Forgets what we knew of these, and learns what whoever checked them until now has found. */
  takeOver(isGained: (monitorId: number) => boolean): Promise<void>;
  /** Learns, every now and then, what others committed: who shares the work, or had it before. */
  catchUp(): Promise<void>;
}

const CATCH_UP_MS = 30 * SECOND_MS;

export function createWatchList({ db, clock, ids, environment, ownership }: WatchListDeps): WatchList {
  let watches: ReadonlyMap<string, Watch> = new Map();
  let caughtUpAt = clock.ticks();

  return {
    of: (name) => watches.get(name),
    all: () => [...watches.values()],
    isOurs,
    ours: () => [...watches.values()].filter(isOurs),

    async renew(monitors) {
      const registration = { environment, ids, at: clock.now() };
      const records = await db.quiet('a monitor is announced when its state is', (tx) =>
        register(tx, monitors, registration),
      );
      const results = await resultStore.latest(
        db,
        [...records.values()].map(({ id }) => id),
      );
      const known = new Map([...watches.values()].map((watch) => [watch.standing.record.id, watch]));
      const renewed = monitors.flatMap((monitor) => {
        const record = records.get(monitor.name);
        if (record === undefined) return [];
        const check = monitorTypes.get(monitor.type).prepare(monitor.settings);
        const before = known.get(record.id);
        return [watchOver({ monitor, check }, record, { before, lastResult: results.get(record.id) })];
      });
      watches = new Map(renewed.map((watch) => [watch.monitor.name, watch]));
    },

    async takeOver(isGained) {
      const gained = [...watches.values()].filter(({ standing }) => isGained(standing.record.id));
      const stored = new Map((await monitorStore.list(db, environment)).map((record) => [record.id, record]));
      const results = await resultStore.latest(
        db,
        gained.map(({ standing }) => standing.record.id),
      );
      for (const { standing } of gained) {
        const record = stored.get(standing.record.id) ?? standing.record;
        const lastResult = results.get(record.id);
        const lastSeenAt = lastSeenOf(record, lastResult);
        standing.pending.length = 0;
        Object.assign(standing, { record, recent: [], latest: null, lastSeenAt, rest: null });
        if (lastResult !== undefined) standing.takenOver = { lastCheckAt: lastResult.at };
      }
    },

    async catchUp() {
      if (clock.ticks() - caughtUpAt < CATCH_UP_MS) return;
      caughtUpAt = clock.ticks();
      const stored = new Map((await monitorStore.list(db, environment)).map((record) => [record.id, record]));
      for (const { standing } of watches.values()) {
        const record = stored.get(standing.record.id) ?? standing.record;
        if (standing.pending.length === 0) standing.record = newer(standing.record, record);
      }
    },
  };

  function isOurs({ standing }: Watch): boolean {
    return ownership.mayCheck(standing.record.id);
  }
}
