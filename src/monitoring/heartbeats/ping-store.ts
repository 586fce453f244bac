import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { Ping } from '../monitor-type.ts';
import type { PingRecord } from './told.ts';

/** Signs of life that jobs sent by themselves. */
export const pingMigration: Migration = {
  id: 'monitoring/2026-11-20-ping',
  up: [
    `create table ping (
       monitor_id integer not null references monitor (id), at bigint not null, outcome text not null,
       primary key (monitor_id, at))`,
  ],
  down: ['drop table ping'],
};

const ADDED = [
  ['run', 'text'],
  ['exit_status', 'smallint'],
  ['message', 'text'],
  ['latency_ms', 'real'],
  ['duration_ms', 'bigint'],
  ['body', 'text'],
] as const;

/** What a job may say beside that it lives. */
export const pingDetailMigration: Migration = {
  id: 'monitoring/2026-11-23-ping-detail',
  up: ADDED.map(([name, type]) => `alter table ping add column ${name} ${type}`),
  // A version that knows nothing of what jobs merely log would take it for a sign of life.
  down: ["delete from ping where outcome = 'log'", ...ADDED.map(([name]) => `alter table ping drop column ${name}`)],
};

interface PingRow {
  monitor_id: number;
  at: number;
  outcome: PingRecord['outcome'];
  run: string | null;
  exit_status: number | null;
  message: string | null;
  latency_ms: number | null;
  duration_ms: number | null;
  body: string | null;
}

interface PingTables {
  ping: PingRow;
}

/** Older ones are kept without what was sent along: it may be 10 kB a minute. */
const BODIES_KEPT = 20;

/** Two pings within one millisecond are one; the later wins, but what is merely logged never hides a sign of life. */
export async function insert(tx: Tx, monitorId: number, record: PingRecord): Promise<void> {
  const { at, outcome, run, body } = record;
  const said = {
    outcome,
    run,
    exit_status: record.exitStatus ?? null,
    message: record.message ?? null,
    latency_ms: record.latencyMs ?? null,
    duration_ms: record.durationMs ?? null,
    body,
  };
  await tx
    .of<PingTables>()
    .insertInto('ping')
    .values({ monitor_id: monitorId, at, ...said })
    .onConflict((conflict) => {
      const same = conflict.columns(['monitor_id', 'at']);
      return outcome === 'log' ? same.doNothing() : same.doUpdateSet(said);
    })
    .execute();
  if (body !== null) await forgetBodies(tx, monitorId);
}

async function forgetBodies(tx: Tx, monitorId: number): Promise<void> {
  const pings = tx.of<PingTables>();
  const bodies = pings
    .selectFrom('ping')
    .select('at')
    .where('monitor_id', '=', monitorId)
    .where('body', 'is not', null);
  const oldest = await bodies.orderBy('at', 'desc').offset(BODIES_KEPT).limit(1).executeTakeFirst();
  if (oldest === undefined) return;
  const old = pings.updateTable('ping').set({ body: null }).where('monitor_id', '=', monitorId);
  await old.where('at', '<=', oldest.at).where('body', 'is not', null).execute();
}

/** The latest sign of life: what is merely logged is none. */
const SIGNS = ['success', 'failure', 'started'] as const;

/** The latest sign of life, or only of these kinds. */
export async function latest(
  source: Pick<Db, 'of'> | Tx,
  monitorId: number,
  outcomes: readonly Ping['outcome'][] = SIGNS,
): Promise<(Ping & PingRecord) | null> {
  const query = source.of<PingTables>().selectFrom('ping').selectAll().where('monitor_id', '=', monitorId);
  const row = await query.where('outcome', 'in', outcomes).orderBy('at', 'desc').limit(1).executeTakeFirst();
  if (row === undefined) return null;
  const { outcome, ...record } = fromRow(row);
  return outcome === 'log' ? null : { ...record, outcome };
}

/** Newest first. */
export async function newest(db: Db, monitorId: number, limit: number): Promise<readonly PingRecord[]> {
  const query = db.of<PingTables>().selectFrom('ping').selectAll().where('monitor_id', '=', monitorId);
  return (await query.orderBy('at', 'desc').limit(limit).execute()).map(fromRow);
}

/** Keeps the latest one, however old: without it a job that pings once a year would look as if it never had. */
export async function deleteBefore(tx: Tx, monitorId: number, before: number): Promise<void> {
  const pings = tx.of<PingTables>();
  const latestAt = pings
    .selectFrom('ping')
    .select(({ fn }) => fn.max('at').as('at'))
    .where('monitor_id', '=', monitorId)
    .where('outcome', '<>', 'log');
  const old = pings.deleteFrom('ping').where('monitor_id', '=', monitorId).where('at', '<', before);
  await old.where((where) => where.or([where('outcome', '=', 'log'), where('at', '<', latestAt)])).execute();
}

function fromRow(row: PingRow): PingRecord {
  const { at, outcome, run, body, exit_status: exitStatus, message } = row;
  return {
    at,
    outcome,
    run,
    body,
    ...(exitStatus !== null && { exitStatus }),
    ...(message !== null && { message }),
    ...(row.latency_ms !== null && { latencyMs: row.latency_ms }),
    ...(row.duration_ms !== null && { durationMs: row.duration_ms }),
  };
}
