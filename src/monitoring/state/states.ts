import type { Db } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { ResultWriter } from '../history/result-writer.ts';
import { createLocationKeeper } from '../locations/keeper.ts';
import type { MaintenanceCalendar } from '../maintenance/calendar.ts';
import { membersOf } from '../members.ts';
import type { Monitor } from '../monitor.ts';
import type { CheckResult } from '../monitor-type.ts';
import type { Ownership } from '../scheduling/ownership.ts';
import { createCauseFinder } from './cause-finder.ts';
import { createCommitter } from './committer.ts';
import { createJudge } from './judge.ts';
import { restOf } from './rest-of.ts';
import type { Watch } from './watch.ts';
import { createWatchList, type WatchList } from './watch-list.ts';

export interface StatesDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly environment: string;
  readonly ownership: Ownership;
  readonly writer: Pick<ResultWriter, 'write'>;
  /** Why a monitor that is silent now is silent. */
  readonly silence: () => string;
  /** Announced work, as it is known now. */
  readonly calendar: () => MaintenanceCalendar;
  /** Checks a monitor now, or joins the check under way. */
  readonly check: (name: string) => Promise<unknown>;
}

/** The states of everything that is watched: what results, silence and announced work make of them. */
export interface States extends Pick<WatchList, 'of' | 'all' | 'isOurs'> {
  /** Exactly these are watched from now on. */
  apply(monitors: readonly Monitor[]): Promise<void>;
  /** Learns what whoever checked these until now has found. */
  takeOver(isGained: (monitorId: number) => boolean): Promise<void>;
  hear(watch: Watch, result: CheckResult): void;
  /** Looks what others found and committed, and what is silent, begins or ends. Rejects when the database is away. */
  look(): Promise<void>;
  /** Resolves when everything that is sure is committed, or cannot be at the moment. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export function createStates(deps: StatesDeps): States {
  const { db, clock, log, environment, ownership, writer, calendar, check } = deps;
  const watches = createWatchList(deps);
  const locations = createLocationKeeper({ db, clock, environment });
  const needs = (name: string) => needsOf(watches.of(name)?.monitor);
  const causes = createCauseFinder({ clock, watchOf: watches.of, check });
  const committer = createCommitter({ db, clock, log, environment, causes, fence: ownership.fence });
  const judge = createJudge({
    clock,
    writer,
    committer,
    check,
    locations,
    silence: deps.silence,
    restOf: ({ monitor }, at) => restOf(monitor.name, at, { calendar: calendar(), dependsOn: needs }),
    isWorkOn: (at) => calendar().isAnyOpen(at),
  });

  return {
    of: watches.of,
    all: watches.all,
    isOurs: watches.isOurs,
    async apply(monitors) {
      await watches.renew(monitors);
      await keepLocations();
      judge.sweep(watches.ours());
    },
    async takeOver(isGained) {
      await watches.takeOver(isGained);
      await keepLocations();
    },
    hear: judge.hear,
    async look() {
      try {
        await watches.catchUp();
        for (const name of await locations.catchUp()) {
          const watch = watches.of(name);
          if (watch !== undefined && watches.isOurs(watch)) judge.hearElsewhere(watch);
        }
      } finally {
        judge.sweep(watches.ours());
      }
    },
    settled: committer.settled,
    close: committer.close,
  };

  async function keepLocations(): Promise<void> {
    await locations.apply(watches.all().map(({ monitor, standing }) => ({ monitor, id: standing.record.id })));
  }
}

/** A member that rests is left out of its group, so the work on it explains nothing that is said of the group. */
function needsOf(monitor: Monitor | undefined): readonly string[] {
  if (monitor === undefined) return [];
  const members = membersOf(monitor);
  return members.length === 0 ? monitor.dependsOn : monitor.dependsOn.filter((name) => !members.includes(name));
}
