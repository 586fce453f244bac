import type { Tx } from '../../contracts/database.ts';
import type { Lane } from '../../contracts/outbound.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import { type Claim, claim, type Head, look, type Source } from './claims.ts';

/** How much a lane does at once. One channel never gets all of it, so that one that hangs leaves room for the others. */
export interface LaneSize {
  readonly atOnce: number;
  readonly perChannel: number;
}

export interface Place {
  readonly environment: string;
  readonly lane: Lane;
  readonly size: LaneSize;
  readonly clock: Clock;
}

/** An attempt that runs. */
export interface Running {
  readonly claim: Pick<Claim, 'sequence' | 'channel'>;
  /** On the monotonic clock. */
  readonly startedAt: number;
}

export interface Seen {
  /** Sequences of what is due and fits, the oldest message first. */
  readonly due: readonly number[];
  /** For how long there is nothing else to do. */
  readonly waitMs: number;
}

export interface Taken {
  readonly claims: readonly Claim[];
  readonly waitMs: number;
}

/** A wake-up can be lost with a connection; looking once in a while costs one query. */
const LOOK_EVERY_MS = 5 * SECOND_MS;
/** An attempt that takes longer gives its place in the lane to others; its channel keeps counting it. */
const SLOW_MS = SECOND_MS;

export async function seek(
  source: Source,
  { environment, lane, size, clock }: Place,
  running: readonly Running[],
): Promise<Seen> {
  const slowSince = clock.ticks() - SLOW_MS;
  const places = size.atOnce - running.filter(({ startedAt }) => startedAt > slowSince).length;
  if (places <= 0) return { due: [], waitMs: SLOW_MS };
  const fullChannels = [...Map.groupBy(running, ({ claim: { channel } }) => channel)]
    .filter(([, same]) => same.length >= size.perChannel)
    .map(([channel]) => channel);
  const busyWith = running.map(({ claim: { sequence } }) => sequence);
  const heads = await look(source, { environment, lane, now: clock.now(), fullChannels, busyWith });
  return { due: dueOf(heads).slice(0, places), waitMs: untilNext(heads, clock.now()) };
}

/** Claims until the lane is full or nothing more is due. */
export async function take(tx: Tx, place: Place, running: readonly Running[]): Promise<Taken> {
  const claims: Claim[] = [];
  for (;;) {
    const startedAt = place.clock.ticks();
    const fresh = claims.map((taken) => ({ claim: taken, startedAt }));
    const { due, waitMs } = await seek(tx, place, [...running, ...fresh]);
    if (due.length === 0) return { claims, waitMs };
    const taken = await claim(tx, due, place.clock.now());
    // Somebody else has taken them meanwhile: the next look will find others.
    if (taken.length === 0) return { claims, waitMs: 0 };
    claims.push(...taken);
  }
}

function dueOf(heads: readonly Head[]): readonly number[] {
  const sequences = heads.map(({ sequence }) => sequence).filter((sequence) => sequence !== null);
  return sequences.toSorted((one, other) => one - other);
}

function untilNext(heads: readonly Head[], now: number): number {
  const times = heads.map(({ nextDueAt }) => nextDueAt).filter((at) => at !== null);
  return Math.min(LOOK_EVERY_MS, ...times.map((at) => at - now));
}
