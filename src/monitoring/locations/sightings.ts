import type { Db } from '../../contracts/database.ts';
import type { Outcome } from '../state/confirmation.ts';

/** A stored result, as a place saw it. */
export interface StoredSighting {
  readonly monitorId: number;
  /** The number of the place; 0 is here. */
  readonly location: number;
  readonly at: number;
  readonly outcome: Outcome;
  readonly reason: string | null;
}

interface ResultTables {
  check_result: { monitor_id: number; at: number; location: number; outcome: number; reason: string | null };
}

const OUTCOMES = ['up', 'degraded', 'down'] as const;
/** SQLite takes no more than 32,766 values in a statement. */
const IDS_MAX = 1_000;

/** What was stored of these monitors since then, oldest first. */
export async function sightingsSince(
  db: Db,
  monitorIds: readonly number[],
  since: number,
): Promise<readonly StoredSighting[]> {
  const found: StoredSighting[] = [];
  for (let start = 0; start < monitorIds.length; start += IDS_MAX) {
    const rows = await db
      .of<ResultTables>()
      .selectFrom('check_result')
      .select(['monitor_id', 'at', 'location', 'outcome', 'reason'])
      .where('monitor_id', 'in', monitorIds.slice(start, start + IDS_MAX))
      .where('at', '>=', since)
      .orderBy('at')
      .execute();
    for (const { monitor_id: monitorId, at, location, outcome, reason } of rows) {
      found.push({ monitorId, at, location, outcome: OUTCOMES[outcome] ?? 'down', reason });
    }
  }
  return found;
}
