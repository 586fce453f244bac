import type { Db, Migration, Tx } from '../contracts/database.ts';
import type { ProofLevel } from '../contracts/facts.ts';

/** What is in the vaults, as far as we put it there: the folders themselves are the truth. */
export const catalogueMigration: Migration = {
  id: 'backups/2026-11-21-backup',
  up: [
    `create table backup (
       id text primary key,
       environment text not null,
       service text not null,
       engine text not null,
       folder text not null,
       vaults text not null,
       taken_at bigint not null,
       took_ms bigint not null,
       bytes bigint not null,
       plain_bytes bigint not null,
       level text not null check (level in ('none', 'stored', 'readable', 'restored')),
       proven_at bigint,
       proof text
     )`,
    'create index backup_by_service on backup (environment, service, taken_at)',
  ],
  down: ['drop table backup'],
};

export interface CataloguedBackup {
  readonly id: string;
  readonly environment: string;
  readonly service: string;
  readonly engine: string;
  /** Where it is in each of its vaults. */
  readonly folder: string;
  /** Names of vaults. */
  readonly vaults: readonly string[];
  /** When reading the source began. */
  readonly takenAt: number;
  readonly tookMs: number;
  /** As stored, and as the engine wrote it. */
  readonly bytes: number;
  readonly plainBytes: number;
  readonly level: ProofLevel;
  /** The latest restore that succeeded. */
  readonly proof: Proof | null;
}

/** What a restore into a scratch database showed. */
export interface Proof {
  readonly at: number;
  readonly tookMs: number;
  readonly tables: number;
  readonly rows: number;
  readonly assertions: number;
}

interface BackupRow {
  readonly id: string;
  readonly environment: string;
  readonly service: string;
  readonly engine: string;
  readonly folder: string;
  readonly vaults: string;
  readonly taken_at: number;
  readonly took_ms: number;
  readonly bytes: number;
  readonly plain_bytes: number;
  readonly level: ProofLevel;
  readonly proven_at: number | null;
  readonly proof: string | null;
}

interface CatalogueTables {
  readonly backup: BackupRow;
}

export interface CatalogueFilter {
  readonly environment: string;
  readonly service?: string | undefined;
  readonly isProven?: boolean;
  readonly limit?: number;
}

/** Newest first. */
export async function list(source: Pick<Db, 'of'> | Tx, filter: CatalogueFilter): Promise<readonly CataloguedBackup[]> {
  let query = source.of<CatalogueTables>().selectFrom('backup').selectAll();
  query = query.where('environment', '=', filter.environment);
  if (filter.service !== undefined) query = query.where('service', '=', filter.service);
  // What was proven once and turned out to be damaged since is no proof of anything.
  if (filter.isProven === true) query = query.where('proven_at', 'is not', null).where('level', '<>', 'none');
  if (filter.limit !== undefined) query = query.limit(filter.limit);
  return (await query.orderBy('taken_at', 'desc').orderBy('id', 'desc').execute()).map(fromRow);
}

export async function newest(
  source: Pick<Db, 'of'> | Tx,
  filter: Omit<CatalogueFilter, 'limit'>,
): Promise<CataloguedBackup | undefined> {
  return (await list(source, { ...filter, limit: 1 }))[0];
}

export async function find(
  source: Pick<Db, 'of'>,
  environment: string,
  id: string,
): Promise<CataloguedBackup | undefined> {
  const query = source.of<CatalogueTables>().selectFrom('backup').selectAll();
  const row = await query.where('environment', '=', environment).where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

export async function insert(tx: Tx, backup: Omit<CataloguedBackup, 'proof'>): Promise<void> {
  const { takenAt, tookMs, plainBytes, vaults, ...same } = backup;
  const times = { taken_at: takenAt, took_ms: tookMs, plain_bytes: plainBytes };
  const row: BackupRow = { ...same, ...times, vaults: JSON.stringify(vaults), proven_at: null, proof: null };
  await tx.of<CatalogueTables>().insertInto('backup').values(row).execute();
}

export async function setLevel(tx: Tx, id: string, level: ProofLevel): Promise<void> {
  await tx
    .of<{ backup: { id: string; level: ProofLevel } }>()
    .updateTable('backup')
    .set({ level })
    .where('id', '=', id)
    .execute();
}

export async function setProven(tx: Tx, id: string, proof: Proof): Promise<void> {
  const changes = { level: 'restored', proven_at: proof.at, proof: JSON.stringify(proof) } as const;
  await tx.of<CatalogueTables>().updateTable('backup').set(changes).where('id', '=', id).execute();
}

/** Forgets it where it is no more, and altogether when no vault has it. */
export async function keepIn(tx: Tx, id: string, vaults: readonly string[]): Promise<void> {
  const tables = tx.of<CatalogueTables>();
  if (vaults.length === 0) await tables.deleteFrom('backup').where('id', '=', id).execute();
  else {
    const changes = { vaults: JSON.stringify(vaults) };
    await tables.updateTable('backup').set(changes).where('id', '=', id).execute();
  }
}

function fromRow({ taken_at: takenAt, took_ms: tookMs, plain_bytes: plainBytes, ...row }: BackupRow): CataloguedBackup {
  const { id, environment, service, engine, folder, bytes, level } = row;
  const same = { id, environment, service, engine, folder, bytes, level };
  const proof = row.proof === null ? null : JSON.parse(row.proof);
  return { ...same, takenAt, tookMs, plainBytes, vaults: JSON.parse(row.vaults), proof };
}
