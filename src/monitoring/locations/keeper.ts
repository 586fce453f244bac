import type { Db } from '../../contracts/database.ts';
import type { LocationNow } from '../../contracts/facts.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
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
/** The clock of a probe may be ahead by so much. */
const FUTURE_MS = 5 * SECOND_MS;

export function createLocationKeeper({ db, clock, environment }: KeeperDeps): LocationKeeper {
  let watched: ReadonlyMap<string, Watched> = new Map();
  /** How far each place had handed in what it found when we last read it. */
  let readUntil: string | undefined;

  return {
    async apply(kept) {
      const elsewhere = kept.filter(({ monitor }) => isSeenElsewhere(monitor));
      const next = new Map(
        elsewhere.map((each) => [each.monitor.name, { ...each, ballots: new Map<string, Ballot>() }]),
      );
      if (elsewhere.length > 0) {
        const places = await locationStore.list(db, environment);
        for (const { watch, location, seen } of await stored(next.values(), {
          db,
          now: clock.now(),
          places,
          reach: reachOf,
        }))
          put(watch, location, seen);
      }
      watched = next;
      readUntil = undefined;
    },
    observe(name, location, seen) {
      const watch = watched.get(name);
      if (watch === undefined) return;
      dropFuture(watch, clock.now());
      put(watch, location, seen);
    },
    async catchUp() {
      const [among, now] = [watched, clock.now()];
      if (among.size === 0) return [];
      const places = await locationStore.list(db, environment);
      const until = places.map(({ number, spool, storedSeq }) => `${number} ${spool} ${storedSeq}`).join();
      if (until === readUntil) return [];
      const news = new Set<string>();
      for (const { watch, location, seen } of await stored(among.values(), { db, now, places, reach: patienceOf })) {
        if (location === HERE || isFuture(seen.at, now) || now - seen.at > patienceOf(watch.monitor)) continue;
        dropFuture(watch, now);
        if (put(watch, location, seen)) news.add(watch.monitor.name);
      }
      if (among === watched) readUntil = until;
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
}

interface Reading {
  readonly db: Db;
  readonly now: number;
  readonly places: readonly locationStore.LocationRecord[];
  /** How far back, for each. */
  readonly reach: (monitor: Kept['monitor']) => number;
}

/** What is stored of these, oldest first for each of them. */
async function stored(among: Iterable<Watched>, { db, now, places, reach }: Reading) {
  const names = new Map([[0, HERE], ...places.map(({ number, name }) => [number, name] as const)]);
  const found: { readonly watch: Watched; readonly location: string; readonly seen: Sighting }[] = [];
  // One that is looked at once an hour must not have hours read of all the others.
  for (const [reachMs, some] of Map.groupBy(among, ({ monitor }) => reach(monitor))) {
    const byId = new Map(some.map((watch) => [watch.id, watch]));
    for (const sighting of await sightingsSince(db, [...byId.keys()], now - reachMs)) {
      const watch = byId.get(sighting.monitorId);
      const location = names.get(sighting.location);
      if (watch !== undefined && location !== undefined) found.push({ watch, location, seen: seenOf(sighting) });
    }
  }
  return found;
}

/** The clock was set back: what was said before that is not newer than what is said now. */
function dropFuture({ ballots }: Watched, now: number): void {
  for (const { location, lastAt } of ballots.values()) if (isFuture(lastAt ?? 0, now)) ballots.delete(location);
}

function isFuture(at: number, now: number): boolean {
  return at > now + FUTURE_MS;
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
