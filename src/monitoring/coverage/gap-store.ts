import type { Db, Migration, Tx } from '../../contracts/database.ts';

/** What should be watched and is not; a row stays when all is well again, so that its version can be compared. */
export const coverageMigration: Migration = {
  id: 'monitoring/2026-11-22-coverage-gap',
  up: [
    `create table coverage_gap (
       environment text not null, what text not null, is_open integer not null, since bigint not null,
       noticed_at bigint not null, seen_at bigint not null, holder text not null, reason text not null,
       monitors text not null, version integer not null, primary key (environment, what))`,
  ],
  down: ['drop table coverage_gap'],
};

interface GapTables {
  coverage_gap: GapRow;
}

interface GapRow {
  environment: string;
  what: string;
  is_open: number;
  since: number;
  noticed_at: number;
  seen_at: number;
  holder: string;
  reason: string;
  monitors: string;
  version: number;
}

export interface Gap {
  /** E.g. `monitors`, `canary`, `connection`. */
  readonly what: string;
  readonly isOpen: boolean;
  /** Since when nothing was learned. */
  readonly since: number;
  readonly noticedAt: number;
  /** When it was last found to be so. */
  readonly seenAt: number;
  /** The process that found it. */
  readonly holder: string;
  readonly reason: string;
  readonly monitors: readonly string[];
}

export interface GapRecord extends Gap {
  readonly version: number;
}

export async function list(source: Pick<Db, 'of'> | Tx, environment: string): Promise<readonly GapRecord[]> {
  const query = source.of<GapTables>().selectFrom('coverage_gap').selectAll();
  return (await query.where('environment', '=', environment).orderBy('what').execute()).map(fromRow);
}

/** Compare-and-set: false when the row is not of the version the caller saw (0: none yet). */
export async function set(tx: Tx, environment: string, seenVersion: number, gap: Gap): Promise<boolean> {
  const { what, isOpen, since, noticedAt, seenAt, holder, reason, monitors } = gap;
  const times = { since, noticed_at: noticedAt, seen_at: seenAt };
  const said = { is_open: isOpen ? 1 : 0, ...times, holder, reason, monitors: JSON.stringify(monitors) };
  const row = { ...said, version: seenVersion + 1 };
  const table = tx.of<GapTables>();
  if (seenVersion === 0) {
    const insert = table.insertInto('coverage_gap').values({ environment, what, ...row });
    const { numInsertedOrUpdatedRows = 0n } = await insert
      .onConflict((conflict) => conflict.columns(['environment', 'what']).doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }
  const update = table.updateTable('coverage_gap').set(row).where('environment', '=', environment);
  const { numUpdatedRows } = await update
    .where('what', '=', what)
    .where('version', '=', seenVersion)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

function fromRow(row: GapRow): GapRecord {
  const monitors: unknown = JSON.parse(row.monitors);
  return {
    what: row.what,
    isOpen: row.is_open === 1,
    since: row.since,
    noticedAt: row.noticed_at,
    seenAt: row.seen_at,
    holder: row.holder,
    reason: row.reason,
    monitors: Array.isArray(monitors) ? monitors.map(String) : [],
    version: row.version,
  };
}
