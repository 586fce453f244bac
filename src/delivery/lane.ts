import type { Db } from '../contracts/database.ts';
import type { Lane } from '../contracts/outbound.ts';
import { type Clock, SECOND_MS } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { AttemptEnd } from './attempt.ts';
import { createBell } from './bell.ts';
import { type Claim, claim, type Head, look } from './claims.ts';
import { createTrouble } from './trouble.ts';

/** How much a lane does at once. One channel never gets all of it, so that one that hangs leaves room for the others. */
export interface LaneSize {
  readonly atOnce: number;
  readonly perChannel: number;
}

export interface LaneDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: string;
  readonly stopping: AbortSignal;
  /** Must not reject. */
  readonly attempt: (claim: Claim) => Promise<AttemptEnd>;
  readonly record: (claim: Claim, end: AttemptEnd) => Promise<void>;
}

export interface LaneWorker {
  /** Until it is stopped and what was under way has ended. */
  run(): Promise<void>;
  wake(): void;
}

/** A wake-up can be lost with a connection; looking once in a while costs one query. */
const LOOK_EVERY_MS = 5 * SECOND_MS;
/** An attempt that takes longer gives its place in the lane to others; its channel keeps counting it. */
const SLOW_MS = SECOND_MS;
/** SQLite works while we wait for it: only a real pause lets everything else have its turn. */
const PAUSE_MS = 1;

interface UnderWay {
  readonly channel: string;
  /** On the monotonic clock. */
  readonly startedAt: number;
  readonly ended: Promise<void>;
}

/** Takes the messages of one lane as they fall due, those of one thread one after the other. */
export function createLane(lane: Lane, size: LaneSize, deps: LaneDeps): LaneWorker {
  const { db, clock, environment, stopping } = deps;
  const log = deps.log.with({ lane });
  const bell = createBell(clock);
  const trouble = createTrouble({ clock, log });
  /** By sequence. */
  const underWay = new Map<number, UnderWay>();

  return {
    wake: () => bell.ring(),
    async run() {
      while (!stopping.aborted) {
        try {
          const waitMs = await takeDue();
          trouble.end();
          if (waitMs > PAUSE_MS) await bell.wait(waitMs, stopping);
          else await clock.sleep(PAUSE_MS, stopping).catch(() => undefined);
        } catch (error) {
          await trouble.pause(error, stopping);
        }
      }
      await Promise.all([...underWay.values()].map(({ ended }) => ended));
    },
  };

  /** Starts what is due and fits; returns for how long there will be nothing to do. */
  async function takeDue(): Promise<number> {
    const places = freePlaces();
    if (places <= 0) return SLOW_MS;
    const now = clock.now();
    const where = { environment, lane, now, fullChannels: fullChannels(), busyWith: [...underWay.keys()] };
    const heads = await look(db, where);
    const due = dueOf(heads).slice(0, places);
    if (due.length === 0) return untilNext(heads, clock.now());
    const claims = await db.quiet('a claim is nobody else’s business', (tx) => claim(tx, due, now));
    for (const taken of claims) launch(taken);
    return 0;
  }

  function freePlaces(): number {
    const slowBefore = clock.ticks() - SLOW_MS;
    return size.atOnce - [...underWay.values()].filter(({ startedAt }) => startedAt > slowBefore).length;
  }

  function fullChannels(): readonly string[] {
    const counts = Map.groupBy(underWay.values(), ({ channel }) => channel);
    return [...counts].filter(([, ours]) => ours.length >= size.perChannel).map(([channel]) => channel);
  }

  function launch(taken: Claim): void {
    const ended = work(taken).finally(() => {
      underWay.delete(taken.sequence);
      bell.ring();
    });
    underWay.set(taken.sequence, { channel: taken.channel, startedAt: clock.ticks(), ended });
  }

  /** What a receiver has said is not forgotten because the database is away for a moment. */
  async function work(taken: Claim): Promise<void> {
    const end = await deps.attempt(taken);
    for (;;) {
      try {
        await deps.record(taken, end);
        return;
      } catch (error) {
        if (stopping.aborted) return;
        await trouble.pause(error, stopping);
      }
    }
  }
}

/** The oldest message first. */
function dueOf(heads: readonly Head[]): readonly number[] {
  const sequences = heads.map(({ sequence }) => sequence).filter((sequence) => sequence !== null);
  return sequences.toSorted((one, other) => one - other);
}

function untilNext(heads: readonly Head[], now: number): number {
  const times = heads.map(({ nextDueAt }) => nextDueAt).filter((at) => at !== null);
  return Math.min(LOOK_EVERY_MS, ...times.map((at) => at - now));
}
