import type { Db } from '../../contracts/database.ts';
import type { Change } from '../history/availability.ts';
import * as changeStore from '../history/change-store.ts';
import * as resultStore from '../history/result-store.ts';
import type { MaintenanceCalendar } from '../maintenance/calendar.ts';
import * as monitorStore from '../state/monitor-store.ts';
import { silentSince } from '../state/silence.ts';
import { lastSeenOf, NOT_CHECKED } from '../state/watch.ts';
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
  /** Announced work, as it is known now; without it there is none. */
  readonly calendar?: () => Pick<MaintenanceCalendar, 'openFor'>;
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

const NO_WORK: Pick<MaintenanceCalendar, 'openFor'> = { openFor: () => null };

/** Reads everything once for all objectives, from the database alone: every process gets the same answer. */
export async function survey(deps: SurveyDeps, objectives: readonly Objective[], now: number): Promise<Survey> {
  const { db, environment, checks } = deps;
  const records = await objectiveStore.list(db, environment);
  if (objectives.length === 0) return { surveyed: [], records };
  const pasts = await pastsOf(deps, objectives, now);
  const surveyed: Surveyed[] = [];
  for (const objective of objectives) {
    const past = pasts.get(objective.monitor);
    const measurement = await measure(objective, past, checks, now);
    surveyed.push({ objective, measurement, record: past && recordOf(objective, past, records) });
  }
  return { surveyed, records };
}

async function pastsOf(
  { db, environment, calendar = () => NO_WORK }: SurveyDeps,
  objectives: readonly Objective[],
  now: number,
): Promise<ReadonlyMap<string, MonitorPast>> {
  const timing = new Map(objectives.map((objective) => [objective.monitor, objective]));
  const monitors = (await monitorStore.list(db, environment)).filter(({ name }) => timing.has(name));
  const ids = monitors.map(({ id }) => id);
  const from = Math.min(...objectives.map((objective) => measuredFrom(objective, now)));
  const [changes, latest] = await Promise.all([changeStore.listSince(db, ids, from), resultStore.latest(db, ids)]);
  return new Map(
    monitors.map((record): [string, MonitorPast] => {
      const { intervalMs = 0, slackMs = 0 } = timing.get(record.name) ?? {};
      const look = { record, lastSeenAt: lastSeenOf(record, latest.get(record.id)), intervalMs, slackMs };
      const missed = missedFrom(silentSince(look, calendar(), now));
      return [record.name, { monitorId: record.id, changes: [...(changes.get(record.id) ?? []), ...missed] }];
    }),
  );
}

/** Whoever checks may have died before it could say so: then nothing is known from there on. */
function missedFrom(at: number | undefined): readonly Change[] {
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
