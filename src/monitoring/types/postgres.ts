import type { Duplex } from 'node:stream';
import type { Client } from 'pg';
import * as z from 'zod';
import { formatDuration } from '../../kernel/duration.ts';
import type { Target } from '../../kernel/net.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { AnswerTooLong, containedStream } from '../protocols/contained-stream.ts';
import { downBecause } from '../protocols/failure.ts';
import { createFrameCheck } from '../protocols/postgres-frames.ts';
import { printHostAndPort, type ServerAddress, serverAddressOf, serverUrl } from '../protocols/server-address.ts';

const PORT = 5432;
const ANSWER_BYTES_MAX = 1024 * 1024;
const SHOWN_CHARS_MAX = 200;
const SSL_REQUEST = Buffer.from('0000000804d2162f', 'hex');
/** Also as SQLAlchemy and PostGIS write them: people paste the address their application uses. */
const SCHEMES = [
  'postgres',
  'postgresql',
  'postgis',
  'postgresql+asyncpg',
  'postgresql+psycopg',
  'postgresql+psycopg2',
];

const PostgresSettings = z.strictObject({
  postgres: serverUrl({ schemes: SCHEMES, example: 'postgres://user:password@db.example:5432/shop' }).describe(
    'Address of the database, e.g. "postgres://user:password@db.example:5432/shop"; sslmode as in libpq.',
  ),
  query: z
    .string()
    .min(1)
    .max(10_000)
    .default('select 1')
    .describe('One statement that must succeed, in a read-only transaction. Default: select 1.'),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME'])
    .optional()
    .describe('Conditions that must hold beside the answer to the query, or `{ down: […], degraded: […] }`.'),
});
type PostgresSettings = z.output<typeof PostgresSettings>;

export const postgres = defineMonitor({
  type: 'postgres',
  summary: 'Logs in to a PostgreSQL database, runs a query and measures how many connections are taken (`db_pool`).',
  example: 'db: { postgres: "postgres://app@db.example:5432/shop", query: "select 1 from orders limit 1" }',
  testedAgainst: 'PostgreSQL 15',
  settings: PostgresSettings,
  target: ({ postgres: url }) => printHostAndPort(serverAddressOf(url, PORT)),
  check,
});

async function check(settings: PostgresSettings, io: ProbeIo): Promise<CheckResult> {
  const { query, expect } = settings;
  const address = serverAddressOf(settings.postgres, PORT);
  const startedAt = io.clock.ticks();
  let socket: Duplex;
  try {
    socket = await io.net.tcp.connect(targetOf(address), io.signal);
  } catch (error) {
    return unreached(expect, down(error, address, io), io.clock.ticks() - startedAt);
  }
  try {
    const client = await logIn(socket, address);
    await ask(client, { query, timeoutMs: io.timeoutMs });
    const latencyMs = io.clock.ticks() - startedAt;
    const own: CheckResult = { state: 'up', latencyMs, ...(await readingsFrom(client)) };
    return withExpectations(expect, own, { connected: true, responseTimeMs: latencyMs });
  } catch (error) {
    return withExpectations(expect, down(error, address, io), { connected: true });
  } finally {
    socket.destroy();
  }
}

/** `sslmode` as libpq understands it: `require` encrypts without asking who is there. */
function targetOf({ host, port, parameters }: ServerAddress): Target {
  const mode = parameters.get('sslmode') ?? 'disable';
  if (mode === 'verify-ca' || mode === 'verify-full') return { host, port, tls: 'verified', beforeTls: requestTls };
  if (mode === 'require' || mode === 'no-verify') return { host, port, tls: 'unverified', beforeTls: requestTls };
  return { host, port };
}

/** The server answers one letter; anything after it would have been slipped in by somebody on the way. */
async function requestTls(socket: Duplex): Promise<void> {
  socket.write(SSL_REQUEST);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    if (String(chunk) === 'S') return;
    break;
  }
  throw new TlsNotOffered();
}

class TlsNotOffered extends Error {}

interface Question {
  readonly query: string;
  readonly timeoutMs: number;
}

async function logIn(socket: Duplex, address: ServerAddress): Promise<Client> {
  const pg = await import('pg');
  const contained = containedStream(socket, { bytesMax: ANSWER_BYTES_MAX, inspect: createFrameCheck() });
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    user: userOf(address),
    database: databaseOf(address),
    // As a function, or an empty password would be replaced by one from this process's own environment.
    password: () => address.password,
    ssl: false,
    application_name: 'evenkeel',
    stream: () => alreadyConnected(contained),
  });
  // Whatever breaks also rejects what is under way, which is where it is dealt with.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function ask(client: Client, { query, timeoutMs }: Question): Promise<void> {
  await client.query('begin transaction read only');
  await client.query(`set local statement_timeout = ${Math.ceil(timeoutMs)}`);
  // Extended: the server takes one statement only, so that none can leave the read-only transaction.
  const statement = { text: query, queryMode: 'extended' };
  await client.query(statement);
}

/**
 * How full the server is. Anybody may read these numbers, unlike `pg_stat_activity`, of whose rows an ordinary user
 * sees the own ones only; where they are kept back all the same, the reading is missing and nothing else.
 */
const POOL = `select sum(numbackends)::float8 / current_setting('max_connections')::float8 as used from pg_stat_database`;

async function readingsFrom(client: Client): Promise<Pick<CheckResult, 'readings'>> {
  try {
    const { rows } = await client.query<{ used: unknown }>(POOL);
    const used = rows[0]?.used;
    return typeof used === 'number' && used >= 0 && used <= 1 ? { readings: { db_pool: used } } : {};
  } catch {
    return {};
  }
}

/** pg connects its socket by itself; this one was connected where the rules for addresses are kept. */
function alreadyConnected(stream: Duplex): Duplex {
  return Object.assign(stream, {
    setNoDelay: () => stream,
    connect: () => queueMicrotask(() => stream.emit('connect')),
  });
}

function userOf({ user }: ServerAddress): string {
  return user === '' ? 'postgres' : user;
}

function databaseOf(address: ServerAddress): string {
  return address.path === '' ? userOf(address) : address.path;
}

function down(error: unknown, address: ServerAddress, io: ProbeIo): CheckResult {
  const reason = io.signal.aborted ? undefined : reasonOf(error, address, io.timeoutMs);
  return reason === undefined ? downBecause(error, io, printHostAndPort(address)) : { state: 'down', reason };
}

function reasonOf(error: unknown, address: ServerAddress, timeoutMs: number): string | undefined {
  const where = printHostAndPort(address);
  if (!(error instanceof Error)) return undefined;
  if (error instanceof TlsNotOffered) return `${where} offers no TLS, but its address asks for it (sslmode).`;
  if (error instanceof AnswerTooLong)
    return `${where} answered with more than 1 MB; choose a query with a small result.`;
  if (isFromServer(error)) return explainState(error, address, timeoutMs);
  if (error.message.startsWith('SASL') && address.password === '')
    return `${where} asks for a password, and none is set.`;
  if (error.message === 'Connection terminated unexpectedly') return `${where} closed the connection.`;
  // What has a code comes from the network; what has none, pg says when it cannot make sense of what it reads.
  return 'code' in error ? undefined : `${where} does not answer as PostgreSQL does.`;
}

interface ServerError extends Error {
  /** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html), if the server is a real one. */
  readonly code?: string;
}

function isFromServer(error: Error): error is ServerError {
  return 'severity' in error;
}

function explainState({ code = 'unknown', message }: ServerError, address: ServerAddress, timeoutMs: number): string {
  const where = printHostAndPort(address);
  const user = userOf(address);
  const database = databaseOf(address);
  const meanings = {
    '25006': 'The query tries to change data; a check may only read.',
    '28000': message.includes('no encryption')
      ? `${where} lets user ${user} in over TLS only; add ?sslmode=require to the address.`
      : `${where} does not let user ${user} into the database ${database}.`,
    '28P01':
      address.password === ''
        ? `${where} asks for a password, and none is set.`
        : `The password for user ${user} was rejected.`,
    '3D000': `There is no database ${database} on ${where}.`,
    '42501': `User ${user} may not do what the query does: ${oneLine(message)}.`,
    '53300': `${where} has no connection left: too many clients.`,
    '57014': `The query on ${where} did not end within ${formatDuration(timeoutMs)}.`,
    '57P01': `${where} is shutting down.`,
    '57P02': `${where} is recovering from a crash.`,
    '57P03': `${where} is starting up or shutting down.`,
  };
  // The code comes from outside: it must not find what every object has, such as `constructor`.
  const known = new Map(Object.entries(meanings)).get(code);
  return known ?? `${where} answered with the error ${oneLine(code)}: ${oneLine(message)}.`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{C}]+/gu, ' ').slice(0, SHOWN_CHARS_MAX);
}
