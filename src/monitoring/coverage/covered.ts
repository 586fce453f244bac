import { isStale } from '../state/watch.ts';

/** What the database says of one monitor. */
export interface Look {
  readonly name: string;
  readonly intervalMs: number;
  /** How late a result may be, beyond two intervals. */
  readonly slackMs?: number;
  /** The time of its newest stored result; null when there is none. */
  readonly lastResultAt: number | null;
  /** A job that tells by itself has no result before it was first heard of. */
  readonly isPush: boolean;
  /** Checks rest during announced work. */
  readonly isResting: boolean;
}

export interface Uncovered {
  readonly name: string;
  /** Since when nothing was learned of it, epoch milliseconds. */
  readonly since: number;
}

/** Who looks remembers this between one look and the next. */
export interface Grace {
  /** By name: from when on a result may be expected, with the interval it was expected in. */
  readonly from: Map<string, { readonly at: number; readonly intervalMs: number }>;
  lookedAt: number | null;
}

export function newGrace(): Grace {
  return { from: new Map(), lookedAt: null };
}

/**
 * Whose results do not come any more. Whoever looks for the first time, or was held up itself, knows nothing of what
 * should have come meanwhile: then each monitor has the usual time to show itself. The same holds for one that is new,
 * is checked in another interval, or has rested.
 */
export function uncovered(looks: readonly Look[], grace: Grace, now: number, heldUpMs: number): readonly Uncovered[] {
  const wasHere = grace.lookedAt !== null && now >= grace.lookedAt && now - grace.lookedAt <= heldUpMs;
  if (!wasHere) grace.from.clear();
  grace.lookedAt = now;
  return looks.flatMap((look) => {
    const from = expectedFrom(look, grace, now);
    const { name, intervalMs, slackMs, lastResultAt } = look;
    if (look.isResting || (look.isPush && lastResultAt === null)) return [];
    const isLost = isStale(
      { lastSeenAt: Math.max(lastResultAt ?? 0, from), intervalMs, ...(slackMs !== undefined && { slackMs }) },
      now,
    );
    return isLost ? [{ name, since: lastResultAt ?? from }] : [];
  });
}

/**
 * Whether somebody has no fresh result, and only the patience of whoever looks keeps it from being lost. Then nobody can
 * say that all is well again either.
 */
export function isUndecided(looks: readonly Look[], now: number): boolean {
  return looks.some(({ isResting, isPush, lastResultAt, intervalMs, slackMs }) => {
    if (isResting || (isPush && lastResultAt === null)) return false;
    return isStale({ lastSeenAt: lastResultAt ?? 0, intervalMs, ...(slackMs !== undefined && { slackMs }) }, now);
  });
}

function expectedFrom({ name, intervalMs, isResting }: Look, { from }: Grace, now: number): number {
  const known = from.get(name);
  if (known !== undefined && known.intervalMs === intervalMs && !isResting) return known.at;
  from.set(name, { at: now, intervalMs });
  return now;
}
