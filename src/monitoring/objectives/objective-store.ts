import type { Db, Migration, Tx } from '../../contracts/database.ts';
import { CALM, Standing } from './standing.ts';

/**
 * What was told of each objective. It hangs on the number of its monitor, so a rename keeps it; `standing` is JSON, and
 * only ever compared as a whole, by `version`.
 */
export const objectiveMigration: Migration = {
  id: 'monitoring/2026-11-21-objective-state',
  up: [
    `create table objective_state (
       monitor_id integer not null references monitor (id), measure text not null, environment text not null,
       name text not null, version integer not null, standing text not null, budget_left_ppm bigint,
       primary key (monitor_id, measure))`,
  ],
  down: ['drop table objective_state'],
};

interface ObjectiveRow {
  monitor_id: number;
  measure: string;
  environment: string;
  name: string;
  version: number;
  standing: string;
  budget_left_ppm: number | null;
}

interface ObjectiveTables {
  objective_state: ObjectiveRow;
}

export interface ObjectiveRecord {
  readonly monitorId: number;
  readonly measure: string;
  readonly name: string;
  /** Counts the changes; 0 when there is no row yet. */
  readonly version: number;
  readonly standing: Standing;
  /** When it was last written, not now. */
  readonly budgetLeft: number | null;
}

const PPM = 1_000_000;

export async function list(db: Db, environment: string): Promise<readonly ObjectiveRecord[]> {
  const query = db.of<ObjectiveTables>().selectFrom('objective_state').selectAll();
  return (await query.where('environment', '=', environment).execute()).map((row) => ({
    monitorId: row.monitor_id,
    measure: row.measure,
    name: row.name,
    version: row.version,
    standing: standingOf(row.standing),
    budgetLeft: row.budget_left_ppm === null ? null : row.budget_left_ppm / PPM,
  }));
}

/** Compare-and-set: false when another process has changed it since `version` was read. */
export async function put(tx: Tx, environment: string, record: ObjectiveRecord): Promise<boolean> {
  const { monitorId, measure, name, version, standing, budgetLeft } = record;
  const changes = {
    name,
    version: version + 1,
    standing: JSON.stringify(standing),
    budget_left_ppm: budgetLeft === null ? null : Math.round(budgetLeft * PPM),
  };
  if (version === 0) {
    const { numInsertedOrUpdatedRows } = await tx
      .of<ObjectiveTables>()
      .insertInto('objective_state')
      .values({ monitor_id: monitorId, measure, environment, ...changes })
      .onConflict((conflict) => conflict.columns(['monitor_id', 'measure']).doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }
  const query = tx.of<ObjectiveTables>().updateTable('objective_state').set(changes);
  const asSeen = query.where('monitor_id', '=', monitorId).where('measure', '=', measure);
  return (await asSeen.where('version', '=', version).executeTakeFirst()).numUpdatedRows === 1n;
}

/** What a later version wrote in its own way is begun anew; at worst something is told twice. */
function standingOf(json: string): Standing {
  const parsed = Standing.safeParse(JSON.parse(json));
  return parsed.success ? parsed.data : CALM;
}
