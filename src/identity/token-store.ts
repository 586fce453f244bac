import type { Migration, Reads, Tx } from '../contracts/database.ts';
import type { Role } from '../contracts/roles.ts';
import type { Token, TokenKind } from './token.ts';

/** The only module that knows the `token` table. */
export interface TokenTables {
  readonly token: TokenRow;
}

interface TokenRow {
  readonly id: string;
  readonly kind: TokenKind;
  readonly name: string;
  readonly role: Role;
  readonly hash: string;
  readonly environment: string | null;
  readonly created_at: number;
  readonly created_by: string;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  readonly last_used_at: number | null;
  readonly location: string | null;
}

export const tokenMigration: Migration = {
  id: 'identity/2026-11-20-token',
  up: [
    `create table token (
       id text primary key,
       kind text not null,
       name text not null,
       role text not null,
       hash text not null,
       environment text,
       created_at bigint not null,
       created_by text not null,
       expires_at bigint,
       revoked_at bigint,
       last_used_at bigint
     )`,
  ],
  down: ['drop table token'],
};

export const tokenLocationMigration: Migration = {
  id: 'identity/2026-11-21-token-location',
  up: ['alter table token add column location text'],
  down: ["delete from token where kind = 'probe'", 'alter table token drop column location'],
};

export async function insert(tx: Tx, token: Token, hash: string): Promise<void> {
  await tx
    .of<TokenTables>()
    .insertInto('token')
    .values({
      id: token.id,
      kind: token.kind,
      name: token.name,
      role: token.role,
      hash,
      environment: token.environment,
      created_at: token.createdAt,
      created_by: token.createdBy,
      expires_at: token.expiresAt,
      revoked_at: token.revokedAt,
      last_used_at: token.lastUsedAt,
      location: token.location,
    })
    .execute();
}

export interface StoredToken {
  readonly token: Token;
  readonly hash: string;
}

export async function find(reads: Reads<TokenTables>, id: string): Promise<StoredToken | undefined> {
  const row = await reads.selectFrom('token').selectAll().where('id', '=', id).executeTakeFirst();
  return row && { token: fromRow(row), hash: row.hash };
}

/** Newest first. */
export async function list(reads: Reads<TokenTables>): Promise<Token[]> {
  const rows = await reads
    .selectFrom('token')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(fromRow);
}

/** Whether an owner's token was ever made, be it revoked since. */
export async function hasOwner(tx: Tx): Promise<boolean> {
  const query = tx.of<TokenTables>().selectFrom('token').select('id').where('role', '=', 'owner').limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}

/** Compare-and-set: false when it was revoked before. */
export async function revoke(tx: Tx, id: string, at: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .of<TokenTables>()
    .updateTable('token')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function setLastUsed(tx: Tx, ids: readonly string[], at: number): Promise<void> {
  await tx.of<TokenTables>().updateTable('token').set({ last_used_at: at }).where('id', 'in', ids).execute();
}

function fromRow(row: TokenRow): Token {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    role: row.role,
    environment: row.environment,
    location: row.location,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}
