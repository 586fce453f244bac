import { CANARY } from '../../contracts/canary.ts';
import type { Db } from '../../contracts/database.ts';
import type { State } from '../../contracts/state.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import * as resultStore from '../history/result-store.ts';
import { membersOf } from '../members.ts';
import type { Monitor } from '../monitor.ts';
import type { Outcome } from '../state/confirmation.ts';
import * as monitorStore from '../state/monitor-store.ts';
import { slackOf } from '../state/watch.ts';
import { monitorTypes } from '../types/index.ts';
import { canaryComplaint } from './canary.ts';
import type { ConnectivityGuard } from './connectivity.ts';
import { type Grace, isUndecided, type Look, newGrace, type Uncovered, uncovered } from './covered.ts';
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
const CANARY_GAP = 'canary';

export function createWatchdog(deps: WatchdogDeps): Watchdog {
  const { clock, log, connectivity } = deps;
  const gaps = createGapKeeper(deps, (what) => what === CONNECTION);
  const stopping = new AbortController();
  const grace = newGrace();
  let looping: Promise<void> | undefined;

  async function look(): Promise<void> {
    const now = clock.now();
    const looks = await lookAtAll(deps, now).catch((error: unknown) => {
      // What came meanwhile cannot have been written down.
      grace.lookedAt = null;
      throw error;
    });
    await settleConnection(now);
    const isCut = await isCutOff();
    // When the connection is back, checks need their time to come round.
    if (isCut) for (const { name } of looks) if (name !== CANARY) grace.from.delete(name);
    const lost = uncovered(looks, grace, now, HELD_UP_MS).filter(({ name }) => name !== CANARY);
    // Without a connection nothing can be checked: that is told once, not twice.
    if (!isCut) await settleMonitors(lost, looks, now);
    const canary = looks.find(({ name }) => name === CANARY);
    if (canary !== undefined) await settleCanary(canary, now);
  }

  async function settleMonitors(lost: readonly Uncovered[], looks: readonly Look[], now: number): Promise<void> {
    const monitors = looks.filter(({ name }) => name !== CANARY);
    if (lost.length === 0 && isUndecided(monitors, now)) return;
    await gaps.settle(MONITORS, lostMonitors(lost, monitors.length), now);
  }

  async function settleCanary(canary: StoredLook, now: number): Promise<void> {
    const found = lostCanary(canary, grace, now);
    const isNoticed = canary.state === 'down' && canary.outcome === 'down' && !isUndecided([canary], now);
    if (found !== undefined || isNoticed) await gaps.settle(CANARY_GAP, found, now);
  }

  async function settleConnection(now: number): Promise<void> {
    await gaps.settle(CONNECTION, lostConnection(connectivity?.cutOffSince() ?? null, now), now);
  }

  /** This process, or another one whose checks we miss. */
  async function isCutOff(): Promise<boolean> {
    return (connectivity?.cutOffSince() ?? null) !== null || gaps.isOpen(CONNECTION);
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

interface StoredLook extends Look {
  readonly state: State;
  readonly outcome: Outcome | null;
}

/** What the database says of everything that is watched and has a record by now. */
async function lookAtAll(deps: WatchdogDeps, now: number): Promise<readonly StoredLook[]> {
  const { db, environment, isResting } = deps;
  // Of a group nothing is known when nothing is known of its members, and these are missed already.
  const monitors = deps.monitors().filter((each) => membersOf(each).length === 0);
  const records = await monitorStore.list(db, environment);
  const byName = new Map(records.map((record) => [record.name, record]));
  const latest = await resultStore.latest(
    db,
    monitors.flatMap(({ name }) => byName.get(name)?.id ?? []),
  );
  return monitors.map((monitor) => {
    const { name, intervalMs, type } = monitor;
    const record = byName.get(name);
    const result = record && latest.get(record.id);
    const stored = { lastResultAt: result?.at ?? null, outcome: result?.outcome ?? null };
    const { isPush } = monitorTypes.get(type);
    const timing = { intervalMs, slackMs: slackOf(monitor), isPush, isResting: isResting(name, now) };
    return { name, ...timing, state: record?.state ?? 'unknown', ...stored };
  });
}

function lostConnection(since: number | null, now: number): Found | undefined {
  if (since === null || now - since < CUT_OFF_MIN_MS) return undefined;
  return { since, reason: 'Evenkeel itself has no connection: none of its reference addresses answers.', monitors: [] };
}

function lostMonitors(lost: readonly Uncovered[], count: number): Found | undefined {
  if (lost.length === 0) return undefined;
  const since = Math.min(...lost.map((each) => each.since));
  const reason = `${lost.length} of ${count} monitors have no fresh result: nobody knows how they are.`;
  return { since, reason, monitors: lost.map(({ name }) => name) };
}

function lostCanary(look: StoredLook, grace: Grace, now: number): Found | undefined {
  const from = grace.from.get(CANARY)?.at ?? now;
  const reason = canaryComplaint({ ...look, from }, now);
  return reason === null ? undefined : { since: look.lastResultAt ?? from, reason, monitors: [] };
}
