import type { Db, SqlRow, Tx } from '../../contracts/database.ts';
import { type Clock, DAY_MS, HOUR_MS, SECOND_MS } from '../../kernel/clock.ts';
import { errors } from '../errors.ts';
import * as resultStore from '../history/result-store.ts';
import type { Monitor } from '../monitor.ts';
import type { Outcome } from '../state/confirmation.ts';
import * as monitorStore from '../state/monitor-store.ts';
import { contactOf } from './contact.ts';
import * as locationStore from './location-store.ts';
import { patienceOf } from './punctuality.ts';

export interface ReceptionDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
  readonly monitors: () => readonly Monitor[];
  /** Hears each result that is fresh enough to count, oldest first, once it is stored. */
  readonly heard: (monitor: string, location: string, result: ProbeResult) => void;
}

export interface ProbeBatch {
  /** Where they were measured; the token has to be for the same place. */
  readonly location: string;
  readonly version: string;
  /** Names the memory of the probe, in which `seq` counts. */
  readonly spool: string;
  /** What time the probe thinks it is. */
  readonly now: number;
  readonly gaps: readonly locationStore.Gap[];
  /** With ascending `seq`. */
  readonly results: readonly ProbeResult[];
}

export interface ProbeResult {
  readonly seq: number;
  readonly monitor: string;
  readonly at: number;
  readonly outcome: Outcome;
  readonly latencyMs: number | null;
  readonly reason: string | null;
  readonly readings?: Readonly<Record<string, number>> | undefined;
}

export interface Receipt {
  /** Everything up to here is stored, or is of no use any more: the probe may forget it. */
  readonly storedSeq: number;
  /** How far the clock of the server is ahead of the clock of the probe. */
  readonly skewMs: number;
  /** Stored for history only. */
  readonly late: number;
  /** Of monitors that are not checked from there any more, from the future, or older than a probe keeps anything. */
  readonly ignored: number;
}

const SKEW_MS_MAX = DAY_MS;
/** A probe gives up after a week. From 1970 on, every hour would have to be rolled up. */
const AGE_MS_MAX = 8 * DAY_MS;
/** Less may as well be the way from there to here. */
const SKEW_NOTICED_MS = 5 * SECOND_MS;

/**
 * Stores what a probe measured, each result once, however often it is sent: the number of the last one commits with
 * the results themselves.
 */
export async function receive(deps: ReceptionDeps, location: string, batch: ProbeBatch): Promise<Receipt> {
  const { db, clock, environment } = deps;
  if (batch.location !== location) throw errors.PROBE_LOCATION_OTHER({ measured: batch.location, location });
  const now = clock.now();
  const skewMs = skewOf(batch, now);

  const stored = await db.tx(async (tx) => {
    const place = await contactOf(tx, { environment, location, at: now, version: batch.version });
    const knownSeq = place.spool === batch.spool ? place.storedSeq : 0;
    const fresh = batch.results.filter(({ seq }) => seq > knownSeq).map((result) => corrected(result, skewMs));
    const sorted = await sort(tx, fresh, { ...deps, location, now });
    await resultStore.append(
      tx,
      sorted.known.map(({ id, result }) => rowOf(id, result, place.number)),
    );
    const seq = Math.max(knownSeq, ...batch.results.map((result) => result.seq));
    await locationStore.setStored(tx, environment, { number: place.number, spool: batch.spool, seq, gaps: batch.gaps });
    return { ...sorted, seq };
  });

  const timely = stored.known.filter(({ monitor, result }) => now - result.at <= patienceOf(monitor));
  for (const { monitor, result } of timely) deps.heard(monitor.name, location, result);
  const late = stored.known.length - timely.length;
  return { storedSeq: stored.seq, skewMs, late, ignored: stored.ignored };
}

function skewOf({ location, now: theirs }: ProbeBatch, ours: number): number {
  const skewMs = ours - theirs;
  if (Math.abs(skewMs) > SKEW_MS_MAX) {
    throw errors.PROBE_CLOCK_WRONG({ location, hours: Math.round(Math.abs(skewMs) / HOUR_MS) });
  }
  return Math.abs(skewMs) > SKEW_NOTICED_MS ? skewMs : 0;
}

function corrected(result: ProbeResult, skewMs: number): ProbeResult {
  return { ...result, at: result.at + skewMs };
}

interface Known {
  readonly monitor: Monitor;
  readonly id: number;
  readonly result: ProbeResult;
}

async function sort(
  tx: Tx,
  results: readonly ProbeResult[],
  { environment, monitors, location, now }: ReceptionDeps & { readonly location: string; readonly now: number },
): Promise<{ readonly known: readonly Known[]; readonly ignored: number }> {
  if (results.length === 0) return { known: [], ignored: 0 };
  const byName = new Map<string, Monitor>();
  for (const monitor of monitors()) {
    if (!monitor.locations.includes(location)) continue;
    // What was measured under an earlier name is still its own.
    for (const name of [...monitor.was, monitor.name]) byName.set(name, monitor);
  }
  const ids = new Map((await monitorStore.list(tx, environment)).map(({ id, name }) => [name, id]));
  const known = results.flatMap((result) => {
    const monitor = byName.get(result.monitor);
    if (monitor === undefined || result.at > now + SKEW_NOTICED_MS || result.at < now - AGE_MS_MAX) return [];
    const id = ids.get(monitor.name);
    // The process that checks is only just starting; the probe will ask again.
    if (id === undefined) throw errors.MONITOR_NOT_ACTIVE({ name: monitor.name });
    return [{ monitor, id, result }];
  });
  return { known, ignored: results.length - known.length };
}

function rowOf(id: number, { at, outcome, latencyMs, reason }: ProbeResult, location: number): SqlRow {
  return resultStore.toRow(id, { at, outcome, latencyMs, reason }, location);
}
