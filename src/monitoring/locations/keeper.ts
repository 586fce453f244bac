import type { Db } from '../../contracts/database.ts';
import type { LocationNow } from '../../contracts/facts.ts';
import type { Clock } from '../../kernel/clock.ts';
import { HERE, isSeenElsewhere, type Monitor } from '../monitor.ts';
import { windowOf } from '../state/confirmation.ts';
import { type Ballot, counted, emptyBallot, isFresh, type Sighting } from './ballot.ts';
import * as locationStore from './location-store.ts';
import { patienceOf } from './punctuality.ts';
import { type Agreement, majority } from './quorum.ts';
import { type StoredSighting, sightingsSince } from './sightings.ts';

export interface KeeperDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
}

/** A monitor with the number its results are stored under. */
export interface Kept {
  readonly monitor: Pick<Monitor, 'name' | 'locations' | 'confirm' | 'intervalMs'>;
  readonly id: number;
}

/** Keeps what each place is sure of, for the monitors that are checked from more places than here. */
export interface LocationKeeper {
  /** Keeps exactly these from now on; what was stored before, also by an earlier process, is counted again. */
  apply(kept: readonly Kept[]): Promise<void>;
  /** A place has checked it. What is not newer than the latest it said is passed over. */
  observe(name: string, location: string, seen: Sighting): void;
  /** Reads what probes stored since, also by way of other processes; the names of those about which there is news. */
  catchUp(): Promise<readonly string[]>;
  /**
   * What more than half of those who can say something now agree on. Places that were not heard of for too long have
   * no vote; one that has begun to look and is not sure yet keeps the others from being a majority without it.
   */
  agreement(name: string): Agreement | undefined;
  /** Each place, in the order of the manifest; nothing for a monitor that is checked from here alone. */
  seen(name: string): readonly LocationNow[];
}

interface Watched extends Kept {
  readonly ballots: Map<string, Ballot>;
}

/** Enough results to find when the present state began, unless it began long ago. */
const COUNTED_AGAIN = 10;

export function createLocationKeeper({ db, clock, environment }: KeeperDeps): LocationKeeper {
  let watched: ReadonlyMap<string, Watched> = new Map();

  return {
    async apply(kept) {
      const elsewhere = kept.filter(({ monitor }) => isSeenElsewhere(monitor));
      const next = new Map(
        elsewhere.map((each) => [each.monitor.name, { ...each, ballots: new Map<string, Ballot>() }]),
      );
      const reach = Math.max(0, ...elsewhere.map(({ monitor }) => reachOf(monitor)));
      for (const { watch, location, seen } of await stored(next, reach)) put(watch, location, seen);
      watched = next;
    },
    observe(name, location, seen) {
      const watch = watched.get(name);
      if (watch !== undefined) put(watch, location, seen);
    },
    async catchUp() {
      const reach = Math.max(0, ...[...watched.values()].map(({ monitor }) => patienceOf(monitor)));
      const news = new Set<string>();
      for (const { watch, location, seen } of await stored(watched, reach)) {
        const isOurs = location === HERE || clock.now() - seen.at > patienceOf(watch.monitor);
        if (!isOurs && put(watch, location, seen)) news.add(watch.monitor.name);
      }
      return [...news];
    },
    agreement(name) {
      const ballots = freshOf(watched.get(name));
      const agreed = majority(ballots.flatMap(({ verdict }) => verdict ?? []));
      return agreed !== undefined && agreed.locations.length * 2 > ballots.length ? agreed : undefined;
    },
    seen(name) {
      const watch = watched.get(name);
      if (watch === undefined) return [];
      return watch.monitor.locations.map((location) => {
        const ballot = watch.ballots.get(location) ?? emptyBallot(location);
        const isKnown = isFresh(ballot, watch.monitor, clock.now());
        const state = isKnown ? (ballot.verdict?.state ?? 'unknown') : 'unknown';
        return { name: location, state, lastCheckedAt: ballot.lastAt };
      });
    },
  };

  function freshOf(watch: Watched | undefined): readonly Ballot[] {
    if (watch === undefined) return [];
    return watch.monitor.locations
      .flatMap((location) => watch.ballots.get(location) ?? [])
      .filter((ballot) => isFresh(ballot, watch.monitor, clock.now()));
  }

  async function stored(among: ReadonlyMap<string, Watched>, reachMs: number) {
    if (among.size === 0) return [];
    const byId = new Map([...among.values()].map((watch) => [watch.id, watch]));
    const [places, sightings] = await Promise.all([
      locationStore.list(db, environment),
      sightingsSince(db, [...byId.keys()], clock.now() - reachMs),
    ]);
    const names = new Map([[0, HERE], ...places.map(({ number, name }) => [number, name] as const)]);
    return sightings.flatMap((sighting) => {
      const watch = byId.get(sighting.monitorId);
      const location = names.get(sighting.location);
      return watch === undefined || location === undefined ? [] : [{ watch, location, seen: seenOf(sighting) }];
    });
  }
}

/** Whether it changed anything. */
function put({ monitor, ballots }: Watched, location: string, seen: Sighting): boolean {
  if (!monitor.locations.includes(location)) return false;
  const before = ballots.get(location) ?? emptyBallot(location);
  const after = counted(before, seen, monitor);
  ballots.set(location, after);
  return after !== before;
}

function reachOf(monitor: Kept['monitor']): number {
  return (windowOf(monitor.confirm) + COUNTED_AGAIN) * monitor.intervalMs + patienceOf(monitor);
}

function seenOf({ at, outcome, reason }: StoredSighting): Sighting {
  return { at, outcome, reason };
}
