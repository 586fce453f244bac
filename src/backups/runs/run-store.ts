import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { BackupRun } from '../backups.ts';

/** Everything that was asked for: what waits, what runs, and how it ended. */
export const runMigration: Migration = {
  id: 'backups/2026-11-21-run',
  up: [
    `create table backup_run (
       id text primary key,
       environment text not null,
       kind text not null check (kind in ('backup', 'verify', 'prove', 'restore')),
       service text not null,
       backup text,
       name text,
       attempt integer not null,
       state text not null check (state in ('waiting', 'running', 'done', 'failed')),
       phase text,
       bytes bigint not null,
       queued_at bigint not null,
       run_at bigint not null,
       started_at bigint,
       seen_at bigint,
       ended_at bigint,
       findings text not null,
       error text
     )`,
    'create index backup_run_by_state on backup_run (environment, state, service)',
    'create index backup_run_by_end on backup_run (environment, service, ended_at)',
  ],
  down: ['drop table backup_run'],
};

export type RunKind = BackupRun['kind'];

/** A run with what only this area needs to know. */
export interface StoredRun extends BackupRun {
  /** Of the new database, of a restore. */
  readonly name: string | null;
  /** 1 on the first try. */
  readonly attempt: number;
}

export interface RunRow {
  readonly id: string;
  readonly environment: string;
  readonly kind: RunKind;
  readonly service: string;
  readonly backup: string | null;
  readonly name: string | null;
  readonly attempt: number;
  readonly state: BackupRun['state'];
  readonly phase: string | null;
  readonly bytes: number;
  readonly queued_at: number;
  readonly run_at: number;
  readonly started_at: number | null;
  readonly seen_at: number | null;
  readonly ended_at: number | null;
  readonly findings: string;
  readonly error: string | null;
}

export interface RunTables {
  readonly backup_run: RunRow;
}

export interface NewRun {
  readonly id: string;
  readonly environment: string;
  readonly kind: RunKind;
  readonly service: string;
  readonly backup: string | null;
  readonly name: string | null;
  readonly attempt: number;
  readonly queuedAt: number;
  /** Not before. */
  readonly runAt: number;
}

export async function insert(tx: Tx, { queuedAt, runAt, ...same }: NewRun): Promise<void> {
  const times = { queued_at: queuedAt, run_at: runAt, started_at: null, seen_at: null, ended_at: null };
  const row: RunRow = { ...same, ...times, state: 'waiting', phase: null, bytes: 0, findings: '[]', error: null };
  await tx.of<RunTables>().insertInto('backup_run').values(row).execute();
}

export async function find(
  source: Pick<Db, 'of'> | Tx,
  environment: string,
  id: string,
): Promise<StoredRun | undefined> {
  const query = source.of<RunTables>().selectFrom('backup_run').selectAll().where('environment', '=', environment);
  const row = await query.where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

/** The same work, asked for before and not ended yet. */
export async function findOpen(
  tx: Tx,
  { environment, kind, service, backup, name }: Pick<NewRun, 'environment' | 'kind' | 'service' | 'backup' | 'name'>,
): Promise<StoredRun | undefined> {
  let query = tx.of<RunTables>().selectFrom('backup_run').selectAll().where('environment', '=', environment);
  query = query.where('kind', '=', kind).where('service', '=', service).where('state', 'in', ['waiting', 'running']);
  // A backup has its id only once it runs.
  if (kind !== 'backup') query = query.where('backup', '=', backup);
  if (name !== null) query = query.where('name', '=', name);
  const row = await query.orderBy('queued_at').orderBy('id').limit(1).executeTakeFirst();
  return row && fromRow(row);
}

/** A person does not wait for the next attempt. */
export async function hurry(tx: Tx, id: string, now: number): Promise<void> {
  const query = tx.of<RunTables>().updateTable('backup_run').set({ run_at: now }).where('id', '=', id);
  await query.where('state', '=', 'waiting').where('run_at', '>', now).execute();
}

/** The run of a service that has waited the longest. */
export async function nextWaiting(
  db: Pick<Db, 'of'>,
  { environment, service, now }: { readonly environment: string; readonly service: string; readonly now: number },
): Promise<StoredRun | undefined> {
  const query = db.of<RunTables>().selectFrom('backup_run').selectAll().where('environment', '=', environment);
  const due = query.where('state', '=', 'waiting').where('service', '=', service).where('run_at', '<=', now);
  const row = await due.orderBy('run_at').orderBy('id').limit(1).executeTakeFirst();
  return row && fromRow(row);
}

/** Every service that has a run waiting whose time has come. */
export async function servicesWaiting(
  db: Pick<Db, 'of'>,
  environment: string,
  now: number,
): Promise<readonly string[]> {
  const query = db.of<RunTables>().selectFrom('backup_run').select('service').distinct();
  const due = query.where('environment', '=', environment).where('state', '=', 'waiting').where('run_at', '<=', now);
  return (await due.orderBy('service').execute()).map(({ service }) => service);
}

/** Those under way whose process has not been heard of since; all of them when no instant is given. */
export async function listRunning(
  db: Pick<Db, 'of'>,
  environment: string,
  { silentSince }: { readonly silentSince?: number } = {},
): Promise<readonly StoredRun[]> {
  const query = db.of<RunTables>().selectFrom('backup_run').selectAll().where('environment', '=', environment);
  const running = query.where('state', '=', 'running');
  const wanted = silentSince === undefined ? running : running.where('seen_at', '<', silentSince);
  return (await wanted.execute()).map(fromRow);
}

/** There is one at a time. */
export async function findRunning(
  db: Pick<Db, 'of'>,
  environment: string,
  service: string,
): Promise<StoredRun | undefined> {
  const query = db.of<RunTables>().selectFrom('backup_run').selectAll().where('environment', '=', environment);
  const row = await query.where('state', '=', 'running').where('service', '=', service).limit(1).executeTakeFirst();
  return row && fromRow(row);
}

/** The newest attempt to make or to prove a backup that has come to an end. */
export async function newestAttempt(
  db: Pick<Db, 'of'>,
  environment: string,
  service: string,
): Promise<StoredRun | undefined> {
  const query = db.of<RunTables>().selectFrom('backup_run').selectAll().where('environment', '=', environment);
  const ended = query.where('service', '=', service).where('kind', 'in', ['backup', 'prove']);
  // Of two that ended at once the proof came later.
  const newestFirst = ended.where('ended_at', 'is not', null).orderBy('ended_at', 'desc').orderBy('kind', 'desc');
  const row = await newestFirst.limit(1).executeTakeFirst();
  return row && fromRow(row);
}

function fromRow(row: RunRow): StoredRun {
  return {
    id: row.id,
    kind: row.kind,
    service: row.service,
    backup: row.backup,
    name: row.name,
    attempt: row.attempt,
    state: row.state,
    phase: row.phase,
    bytes: row.bytes,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    findings: JSON.parse(row.findings),
    error: row.error === null ? null : JSON.parse(row.error),
  };
}
