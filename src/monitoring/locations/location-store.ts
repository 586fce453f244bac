import type { Db, Migration, Tx } from '../../contracts/database.ts';

/** Places that checks are made from. A place keeps its number for ever, because results carry it; 0 is here. */
export const locationMigration: Migration = {
  id: 'monitoring/2026-11-21-location',
  up: [
    `create table location (
       environment text not null,
       number smallint not null,
       name text not null,
       made_at bigint not null,
       last_seen_at bigint,
       version text,
       spool text,
       stored_seq bigint not null,
       gaps text not null,
       lost_at bigint,
       primary key (environment, number),
       unique (environment, name)
     )`,
  ],
  down: ['drop table location'],
};

interface LocationRow {
  environment: string;
  number: number;
  name: string;
  made_at: number;
  last_seen_at: number | null;
  version: string | null;
  spool: string | null;
  stored_seq: number;
  gaps: string;
  lost_at: number | null;
}

interface LocationTables {
  location: LocationRow;
}

export interface LocationRecord {
  /** From 1. */
  readonly number: number;
  readonly name: string;
  readonly madeAt: number;
  /** When its probe was last heard of; null before the first time. */
  readonly lastSeenAt: number | null;
  /** The version of its probe. */
  readonly version: string | null;
  /** Whose numbers `storedSeq` counts: a probe that lost its memory begins a new spool. */
  readonly spool: string | null;
  /** The last result of that spool that is stored. */
  readonly storedSeq: number;
  /** What its probe cannot check, and why. */
  readonly gaps: readonly Gap[];
  /** Since when it has been silent; null while it is not. */
  readonly lostAt: number | null;
}

export interface Gap {
  readonly monitor: string;
  readonly reason: string;
}

/** In the order of their numbers. */
export async function list(source: Pick<Db, 'of'> | Tx, environment: string): Promise<readonly LocationRecord[]> {
  const query = source.of<LocationTables>().selectFrom('location').selectAll();
  return (await query.where('environment', '=', environment).orderBy('number').execute()).map(fromRow);
}

/** Two processes may want the same number at once: whoever comes second takes the next one. */
const TRIES = 5;

/** The place of that name, which gets a number when it is new. */
export async function ensure(
  tx: Tx,
  environment: string,
  { name, at }: { readonly name: string; readonly at: number },
): Promise<LocationRecord> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const known = await list(tx, environment);
    const found = known.find((record) => record.name === name);
    if (found !== undefined) return found;
    const number = Math.max(0, ...known.map((record) => record.number)) + 1;
    const row = { environment, number, name, made_at: at, stored_seq: 0, gaps: '[]' };
    const nothing = { last_seen_at: null, version: null, spool: null, lost_at: null };
    await tx
      .of<LocationTables>()
      .insertInto('location')
      .values({ ...row, ...nothing })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  throw new Error(`The location ${name} got no number.`);
}

/** What changes when a probe speaks. The row stays locked until the end of the unit of work. */
export async function setSeen(
  tx: Tx,
  environment: string,
  { number, at, version }: { readonly number: number; readonly at: number; readonly version: string },
): Promise<void> {
  await update(tx, environment, number).set({ last_seen_at: at, version }).execute();
}

export async function setStored(
  tx: Tx,
  environment: string,
  { number, spool, seq, gaps }: Readonly<{ number: number; spool: string; seq: number; gaps: readonly Gap[] }>,
): Promise<void> {
  const stored = { spool, stored_seq: seq, gaps: JSON.stringify(gaps) };
  await update(tx, environment, number).set(stored).execute();
}

/** Compare-and-set: false when it is known to be lost already, or has spoken since the caller looked. */
export async function setLost(
  tx: Tx,
  environment: string,
  { number, lastSeenAt }: Pick<LocationRecord, 'number' | 'lastSeenAt'>,
  at: number,
): Promise<boolean> {
  const asSeen = update(tx, environment, number).set({ lost_at: at }).where('lost_at', 'is', null);
  const query =
    lastSeenAt === null ? asSeen.where('last_seen_at', 'is', null) : asSeen.where('last_seen_at', '=', lastSeenAt);
  return (await query.executeTakeFirst()).numUpdatedRows === 1n;
}

/** Compare-and-set: false when it was not lost. */
export async function setFound(tx: Tx, environment: string, number: number): Promise<boolean> {
  const query = update(tx, environment, number).set({ lost_at: null }).where('lost_at', 'is not', null);
  return (await query.executeTakeFirst()).numUpdatedRows === 1n;
}

function update(tx: Tx, environment: string, number: number) {
  const query = tx.of<LocationTables>().updateTable('location');
  return query.where('environment', '=', environment).where('number', '=', number);
}

function fromRow(row: LocationRow): LocationRecord {
  return {
    number: row.number,
    name: row.name,
    madeAt: row.made_at,
    lastSeenAt: row.last_seen_at,
    version: row.version,
    spool: row.spool,
    storedSeq: row.stored_seq,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by `setStored` alone
    gaps: JSON.parse(row.gaps) as readonly Gap[],
    lostAt: row.lost_at,
  };
}
