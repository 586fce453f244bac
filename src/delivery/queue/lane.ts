import type { Db } from '../../contracts/database.ts';
import type { Log } from '../../kernel/log.ts';
import type { AttemptEnd } from './attempt.ts';
import { createBell } from './bell.ts';
import type { Claim } from './claims.ts';
import { type Ended, type Recorded, recordAll, report } from './recording.ts';
import { type Place, seek, take } from './taking.ts';
import { createTrouble } from './trouble.ts';

export interface LaneDeps extends Place {
  readonly db: Db;
  readonly log: Log;
  readonly stopping: AbortSignal;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** Must not reject. */
  readonly attempt: (claim: Claim) => Promise<AttemptEnd>;
  /** Attempts have ended: what comes next in their threads may be in another lane. */
  readonly onRecorded: () => void;
}

export interface LaneWorker {
  /** Until it is stopped and what was under way has ended. */
  run(): Promise<void>;
  wake(): void;
}

/** Ours until its end is written down. */
interface UnderWay {
  readonly claim: Claim;
  /** On the monotonic clock. */
  readonly startedAt: number;
  /** Undefined while it runs. */
  end?: AttemptEnd;
}

/** Takes the messages of one lane as they fall due, those of one thread one after the other. */
export function createLane(deps: LaneDeps): LaneWorker {
  const { db, clock, stopping } = deps;
  const log = deps.log.with({ lane: deps.lane });
  const bell = createBell(clock);
  const trouble = createTrouble({ clock, log });
  const underWay = new Set<UnderWay>();
  const attempts = new Set<Promise<void>>();

  return {
    wake: () => bell.ring(),
    async run() {
      while (!stopping.aborted) {
        try {
          const waitMs = await takeTurn();
          trouble.end();
          await bell.wait(waitMs, stopping);
        } catch (error) {
          await trouble.pause(error, stopping);
        }
      }
      await Promise.all(attempts);
      await recordTheLast();
    },
  };

  /** Writes down what has ended and takes what is due in its place, together: each commit waits for the disk. */
  async function takeTurn(): Promise<number> {
    const ended = [...underWay].filter(isEnded);
    const running = [...underWay].filter((work) => !isEnded(work));
    if (ended.length === 0) {
      // Looking alone keeps nobody from writing.
      const { due, waitMs } = await seek(db, deps, running);
      if (due.length === 0) return waitMs;
    }
    const { recorded, claims, waitMs } = await db.tx(async (tx) => ({
      recorded: await recordAll(tx, deps, ended),
      ...(await take(tx, deps, running)),
    }));
    for (const taken of claims) launch(taken);
    forget(ended, recorded);
    return waitMs;
  }

  function launch(claim: Claim): void {
    const work: UnderWay = { claim, startedAt: clock.ticks() };
    underWay.add(work);
    const attempt = follow(work).finally(() => attempts.delete(attempt));
    attempts.add(attempt);
  }

  async function follow(work: UnderWay): Promise<void> {
    work.end = await deps.attempt(work.claim);
    bell.ring();
  }

  function forget(ended: readonly UnderWay[], recorded: readonly Recorded[]): void {
    for (const one of ended) underWay.delete(one);
    for (const one of recorded) report(one, log);
    if (recorded.length > 0) deps.onRecorded();
  }

  /** What cannot be written down now is sent again by whoever starts next. */
  async function recordTheLast(): Promise<void> {
    const ended = [...underWay].filter(isEnded);
    if (ended.length === 0) return;
    try {
      forget(ended, await db.tx((tx) => recordAll(tx, deps, ended)));
    } catch (error) {
      log.warn('How the last attempts ended could not be written down; they are made again.', { error });
    }
  }
}

function isEnded(work: UnderWay): work is UnderWay & Ended {
  return work.end !== undefined;
}
