import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import type { Client, QueryResult } from 'pg';
import { messageOf } from '../../kernel/errors.ts';
import { asSource, type Refusal } from '../unusable-place.ts';
import { isSocket, type PostgresAddress, type PostgresTls } from './address.ts';
import { troubleWith } from './trouble.ts';

export interface Connection extends AsyncDisposable {
  /** Runs one statement, or several; the rows are of the last. */
  query(sql: string): Promise<readonly Row[]>;
  /** Runs one statement; the server refuses more. */
  single(sql: string): Promise<readonly Row[]>;
}

export type Row = Record<string, unknown>;

const CONNECT_TIMEOUT_MS = 10_000;
const NO_TLS = 'The server does not support SSL connections';

/** Ends when the signal aborts; what is under way is rejected then. Who is not let in is told so by `refuse`. */
export async function connect(
  address: PostgresAddress,
  signal: AbortSignal,
  refuse: Refusal = asSource,
): Promise<Connection> {
  signal.throwIfAborted();
  const client = await reach(address, refuse);
  const leave = () => void client.end();
  signal.addEventListener('abort', leave);
  return {
    query: async (sql) => rowsOf(await client.query(sql)),
    async single(sql) {
      const statement = { text: sql, queryMode: 'extended' };
      return rowsOf(await client.query(statement));
    },
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', leave);
      await client.end();
    },
  };
}

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function rowsOf(answer: QueryResult<Row> | readonly QueryResult<Row>[]): readonly Row[] {
  const last = 'rows' in answer ? answer : answer.at(-1);
  return last?.rows ?? [];
}

async function reach(address: PostgresAddress, refuse: Refusal): Promise<Client> {
  try {
    return await reachAsTold(address);
  } catch (error) {
    throw refuse(troubleWith(address, error), { cause: error });
  }
}

async function reachAsTold(address: PostgresAddress): Promise<Client> {
  const { mode } = address.tls;
  const isOptional = mode === 'prefer' || mode === 'allow';
  if (mode === 'disable' || isSocket(address.host)) return open(address, false);
  try {
    return await open(address, await tlsOptionsOf(address.tls));
  } catch (error) {
    if (!isOptional || messageOf(error) !== NO_TLS) throw error;
    return open(address, false);
  }
}

async function open(address: PostgresAddress, ssl: false | ConnectionOptions): Promise<Client> {
  const { Client } = await import('pg');
  const client = new Client({
    host: address.host,
    port: address.port,
    user: address.user,
    database: address.database,
    // As a function, or an empty password would be replaced by one from this process's own environment.
    password: () => address.password.reveal(),
    ssl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'evenkeel',
  });
  // Whatever breaks also rejects what is under way, which is where it is dealt with.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** As libpq understands the modes: `require` encrypts without asking who is there, unless it has a root to go by. */
async function tlsOptionsOf({ mode, root, certificate, key }: PostgresTls): Promise<ConnectionOptions> {
  const isChecked = mode.startsWith('verify-') || (mode === 'require' && root !== undefined);
  return {
    rejectUnauthorized: isChecked,
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(root !== undefined && { ca: await readFile(root) }),
    ...(certificate !== undefined && { cert: await readFile(certificate) }),
    ...(key !== undefined && { key: await readFile(key) }),
  };
}
