import { CANARY } from '../../contracts/canary.ts';
import type { Db } from '../../contracts/database.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import * as resultStore from '../history/result-store.ts';
import type { Monitor } from '../monitor.ts';
import * as monitorStore from '../state/monitor-store.ts';
import { monitorTypes } from '../types/index.ts';
import { canaryComplaint } from './canary.ts';
import type { ConnectivityGuard } from './connectivity.ts';
import { type Look, newGrace, type Uncovered, uncovered } from './covered.ts';
import { createGapKeeper, type Found } from './gap-keeper.ts';

export interface WatchdogDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: string;
  /** Names this process among those that share the database. */
  readonly self: string;
  /** What the manifest names now; with the canary where one is watched. */
  readonly monitors: () => readonly Monitor[];
  /** Whether announced work lets its checks rest. */
  readonly isResting: (monitor: string, at: number) => boolean;
  /** Of this process; without it, nobody knows of a connection. */
  readonly connectivity?: Pick<ConnectivityGuard, 'cutOffSince'>;
}

/**
 * Sees to it that what should be watched is watched. The database decides, not what this process believes of itself, so
 * every process that runs one notices when the one that checks has stopped.
 */
export interface Watchdog {
  /** One look; rejects when the database does not answer. */
  look(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 5 * SECOND_MS;
/** A process that was suspended for a while knows nothing of what should have come meanwhile. */
const HELD_UP_MS = 4 * LOOK_EVERY_MS;
/** A connection that is back at once is no news. */
const CUT_OFF_MIN_MS = 10 * SECOND_MS;

const MONITORS = 'monitors';
const CONNECTION = 'connection';

export function createWatchdog(deps: WatchdogDeps): Watchdog {
  const { db, clock, log, environment, connectivity } = deps;
  const gaps = createGapKeeper(deps, (what) => what === CONNECTION);
  const stopping = new AbortController();
  const grace = newGrace();
  let looping: Promise<void> | undefined;

  async function look(): Promise<void> {
    const now = clock.now();
    const watched = deps.monitors();
    const records = await monitorStore.list(db, environment);
    const byName = new Map(records.map((record) => [record.name, record]));
    const ids = watched.flatMap(({ name }) => byName.get(name)?.id ?? []);
    const latest = await resultStore.latest(db, ids);
    const looks = watched.map((monitor) => {
      const record = byName.get(monitor.name);
      const result = record && latest.get(record.id);
      return { record, result, ...lookAt(monitor, result?.at ?? null, deps.isResting(monitor.name, now)) };
    });

    const lost = uncovered(looks, grace, now, HELD_UP_MS);
    const cutOffSince = connectivity?.cutOffSince() ?? null;
    const cutOff = cutOffAt(cutOffSince, now);
    await gaps.settle(CONNECTION, cutOff, now);
    // Without a connection nothing can be checked: that is told once, not twice.
    const isCutOff = cutOffSince !== null || (await gaps.isOpen(CONNECTION));
    const ofMonitors = lostMonitors(
      lost.filter(({ name }) => name !== CANARY),
      watched.length,
    );
    if (!isCutOff || ofMonitors === undefined) await gaps.settle(MONITORS, ofMonitors, now);
    const canary = looks.find(({ name }) => name === CANARY);
    if (canary?.record === undefined) return;
    const from = grace.from.get(CANARY)?.at ?? now;
    const { state } = canary.record;
    const complaint = canaryComplaint({ ...canary, state, outcome: canary.result?.outcome ?? null, from }, now);
    const found =
      complaint === null ? undefined : { since: canary.lastResultAt ?? from, reason: complaint, monitors: [] };
    await gaps.settle('canary', found, now);
  }

  async function keepLooking(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await look();
      } catch (error) {
        log.error('Nobody can tell whether everything is watched: the database is away.', { error });
      }
      await clock.sleep(LOOK_EVERY_MS, stopping.signal).catch(() => undefined);
    }
  }

  return {
    look,
    start() {
      looping ??= keepLooking();
    },
    async stop() {
      stopping.abort();
      await looping;
    },
  };
}

function lookAt({ name, intervalMs, type }: Monitor, lastResultAt: number | null, isResting: boolean): Look {
  return { name, intervalMs, lastResultAt, isPush: monitorTypes.get(type).isPush, isResting };
}

function cutOffAt(since: number | null, now: number): Found | undefined {
  if (since === null || now - since < CUT_OFF_MIN_MS) return undefined;
  return { since, reason: 'Evenkeel itself has no connection: none of its reference addresses answers.', monitors: [] };
}

function lostMonitors(lost: readonly Uncovered[], count: number): Found | undefined {
  if (lost.length === 0) return undefined;
  const since = Math.min(...lost.map((each) => each.since));
  const reason = `${lost.length} of ${count} monitors have no fresh result: nobody knows how they are.`;
  return { since, reason, monitors: lost.map(({ name }) => name) };
}
