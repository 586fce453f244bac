import { sql } from 'kysely';
import type { Db } from '../../contracts/database.ts';
import type { Window } from './availability.ts';
import { OUTCOME_NUMBER } from './result-store.ts';

/** How many checks said what. */
export interface OutcomeCounts {
  readonly up: number;
  readonly degraded: number;
  readonly down: number;
}

export interface GoodChecks {
  /** Answers that were good enough and came within the limit. */
  readonly good: number;
  /** Those, the ones that were too slow, and every check that found it down: what never answers is no fast answer. */
  readonly total: number;
}

interface ResultTable {
  check_result: { monitor_id: number; at: number; outcome: number; latency_us: number | null };
}

const US_PER_MS = 1_000;

/** Counts the checks of all these monitors together, from wherever they were made, with `from <= at < to`. */
export async function countsIn(db: Db, monitorIds: readonly number[], { from, to }: Window): Promise<OutcomeCounts> {
  const counts = { up: 0, degraded: 0, down: 0 };
  if (monitorIds.length === 0 || from >= to) return counts;
  const rows = await db
    .of<ResultTable>()
    .selectFrom('check_result')
    .select((select) => ['outcome', select.fn.countAll<number>().as('checks')])
    .where('monitor_id', 'in', [...monitorIds])
    .where('at', '>=', from)
    .where('at', '<', to)
    .groupBy('outcome')
    .execute();
  const checks = (outcome: number) => rows.find((row) => row.outcome === outcome)?.checks ?? 0;
  return {
    up: checks(OUTCOME_NUMBER.up),
    degraded: checks(OUTCOME_NUMBER.degraded),
    down: checks(OUTCOME_NUMBER.down),
  };
}

/**
 * How many checks were answered within `limitMs`, with `from <= at < to`. Checks that are up and measure no time, such
 * as heartbeats, are in neither number.
 */
export async function goodWithin(
  db: Db,
  monitorId: number,
  { from, to }: Window,
  limitMs: number,
): Promise<GoodChecks> {
  const isAnswer = sql`outcome <> ${OUTCOME_NUMBER.down} and latency_us is not null`;
  const row = await db
    .of<ResultTable>()
    .selectFrom('check_result')
    .select([
      sql<number>`count(*) filter (where ${isAnswer} and latency_us <= ${Math.round(limitMs * US_PER_MS)})`.as('good'),
      sql<number>`count(*) filter (where ${isAnswer} or outcome = ${OUTCOME_NUMBER.down})`.as('total'),
    ])
    .where('monitor_id', '=', monitorId)
    .where('at', '>=', from)
    .where('at', '<', to)
    .executeTakeFirst();
  return { good: row?.good ?? 0, total: row?.total ?? 0 };
}
