import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { Level } from './rule.ts';

/**
 * What is beyond a limit, or about to count as such. A row stays when all is well again: its version keeps two processes
 * from both telling of one crossing.
 */
export const thresholdMigration: Migration = {
  id: 'monitoring/2026-11-22-threshold-state',
  up: [
    `create table threshold_state (
       monitor_id integer not null references monitor (id), rule text not null, reading text not null, level text,
       since bigint, warning_since bigint, critical_since bigint, reason text, runbook text not null,
       version integer not null, primary key (monitor_id, rule, reading))`,
  ],
  down: ['drop table threshold_state'],
};

interface ThresholdTables {
  threshold_state: {
    monitor_id: number;
    rule: string;
    reading: string;
    level: Level | null;
    since: number | null;
    warning_since: number | null;
    critical_since: number | null;
    reason: string | null;
    runbook: string;
    version: number;
  };
  monitor: { id: number; environment: string; name: string; removed_at: number | null };
}

export interface ThresholdKey {
  readonly monitorId: number;
  readonly rule: string;
  readonly reading: string;
}

export interface ThresholdStanding {
  readonly level: Level | null;
  /** When it was first beyond the limit of `level`. */
  readonly since: number | null;
  /** Since when every value was beyond the limit of each level. */
  readonly beyondSince: Readonly<Record<Level, number | null>>;
  /** Why it is crossed; null while it is not. */
  readonly reason: string | null;
  readonly runbook: string;
}

export interface ThresholdRecord extends ThresholdKey, ThresholdStanding {
  readonly version: number;
  /** As the monitor is called now. */
  readonly monitor: string;
}

/** Everything that was ever beyond a limit, by monitor, rule and reading. */
export async function list(source: Pick<Db, 'of'> | Tx, environment: string): Promise<readonly ThresholdRecord[]> {
  const query = source.of<ThresholdTables>().selectFrom('threshold_state');
  const joined = query.innerJoin('monitor', 'monitor.id', 'threshold_state.monitor_id');
  const rows = await joined
    .selectAll('threshold_state')
    .select('monitor.name as monitor')
    .where('monitor.environment', '=', environment)
    .orderBy('monitor_id')
    .orderBy('rule')
    .orderBy('reading')
    .execute();
  return rows.map((row) => ({
    monitorId: row.monitor_id,
    rule: row.rule,
    reading: row.reading,
    level: row.level,
    since: row.since,
    beyondSince: { warning: row.warning_since, critical: row.critical_since },
    reason: row.reason,
    runbook: row.runbook,
    version: row.version,
    monitor: row.monitor,
  }));
}

/** Compare-and-set: false when the row is not of the version the caller saw (0: none yet). */
export async function set(
  tx: Tx,
  { monitorId, rule, reading }: ThresholdKey,
  seenVersion: number,
  standing: ThresholdStanding,
): Promise<boolean> {
  const { level, since, beyondSince, reason, runbook } = standing;
  const now = { level, since, warning_since: beyondSince.warning, critical_since: beyondSince.critical };
  const row = { ...now, reason, runbook, version: seenVersion + 1 };
  const table = tx.of<ThresholdTables>();
  if (seenVersion === 0) {
    const insert = table.insertInto('threshold_state').values({ monitor_id: monitorId, rule, reading, ...row });
    const { numInsertedOrUpdatedRows = 0n } = await insert
      .onConflict((conflict) => conflict.columns(['monitor_id', 'rule', 'reading']).doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }
  const update = table.updateTable('threshold_state').set(row).where('monitor_id', '=', monitorId);
  const asSeen = update.where('rule', '=', rule).where('reading', '=', reading).where('version', '=', seenVersion);
  return (await asSeen.executeTakeFirst()).numUpdatedRows === 1n;
}
