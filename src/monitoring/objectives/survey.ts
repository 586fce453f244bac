import type { Db } from '../../contracts/database.ts';
import type { Change } from '../history/availability.ts';
import * as changeStore from '../history/change-store.ts';
import * as resultStore from '../history/result-store.ts';
import type { MonitorRecord } from '../state/monitor-store.ts';
import * as monitorStore from '../state/monitor-store.ts';
import { lastSeenOf, NOT_CHECKED, unknownSince } from '../state/watch.ts';
import type { CheckTallies } from './check-tallies.ts';
import { type Measurement, type MonitorPast, measure, measuredFrom } from './measure.ts';
import type { Objective } from './objective.ts';
import type { ObjectiveRecord } from './objective-store.ts';
import * as objectiveStore from './objective-store.ts';
import { CALM } from './standing.ts';

export interface SurveyDeps {
  readonly db: Db;
  readonly environment: string;
  readonly checks: CheckTallies;
}

/** An objective, what it measures now and what was told of it. */
export interface Surveyed {
  readonly objective: Objective;
  readonly measurement: Measurement;
  /** Undefined while its monitor was never registered: there is nothing to hang a memory on. */
  readonly record: ObjectiveRecord | undefined;
}

export interface Survey {
  readonly surveyed: readonly Surveyed[];
  /** Everything remembered, also of objectives that are not in the manifest any more. */
  readonly records: readonly ObjectiveRecord[];
}

/** Reads everything once for all objectives, from the database alone: every process gets the same answer. */
export async function survey(
  { db, environment, checks }: SurveyDeps,
  objectives: readonly Objective[],
  now: number,
): Promise<Survey> {
  const records = await objectiveStore.list(db, environment);
  if (objectives.length === 0) return { surveyed: [], records };
  const pasts = await pastsOf(db, environment, objectives, now);
  const surveyed: Surveyed[] = [];
  for (const objective of objectives) {
    const past = pasts.get(objective.monitor);
    const measurement = await measure(objective, past, checks, now);
    surveyed.push({ objective, measurement, record: past && recordOf(objective, past, records) });
  }
  return { surveyed, records };
}

async function pastsOf(
  db: Db,
  environment: string,
  objectives: readonly Objective[],
  now: number,
): Promise<ReadonlyMap<string, MonitorPast>> {
  const intervals = new Map(objectives.map(({ monitor, intervalMs }) => [monitor, intervalMs]));
  const monitors = (await monitorStore.list(db, environment)).filter(({ name }) => intervals.has(name));
  const ids = monitors.map(({ id }) => id);
  const from = Math.min(...objectives.map((objective) => measuredFrom(objective, now)));
  const [changes, latest] = await Promise.all([changeStore.listSince(db, ids, from), resultStore.latest(db, ids)]);
  return new Map(
    monitors.map((monitor): [string, MonitorPast] => {
      const missed = missedBy(monitor, latest.get(monitor.id), intervals.get(monitor.name) ?? 0, now);
      return [monitor.name, { monitorId: monitor.id, changes: [...(changes.get(monitor.id) ?? []), ...missed] }];
    }),
  );
}

/** Whoever checks may have died before it could say so: then nothing is known from there on. */
function missedBy(
  { state, since }: MonitorRecord,
  lastResult: resultStore.ResultRecord | undefined,
  intervalMs: number,
  now: number,
): readonly Change[] {
  const at = unknownSince({ state, lastSeenAt: lastSeenOf({ since }, lastResult), intervalMs }, now);
  return at === undefined ? [] : [{ at, state: 'unknown', reason: NOT_CHECKED }];
}

function recordOf(
  { measure: what, name }: Objective,
  { monitorId }: MonitorPast,
  records: readonly ObjectiveRecord[],
): ObjectiveRecord {
  const found = records.find((record) => record.monitorId === monitorId && record.measure === what);
  const fresh = { monitorId, measure: what, version: 0, standing: CALM, budgetLeft: null };
  return { ...(found ?? fresh), name };
}
