import type { Duplex } from 'node:stream';
import type { Client } from 'pg';
import * as z from 'zod';
import { DAY_MS, SECOND_MS } from '../../kernel/clock.ts';
import { duration, formatDuration } from '../../kernel/duration.ts';
import type { Target } from '../../kernel/net.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { AnswerTooLong, containedStream } from '../protocols/contained-stream.ts';
import { downBecause, throwIfShutDown } from '../protocols/failure.ts';
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
  lag_max: duration({ minMs: SECOND_MS, maxMs: DAY_MS })
    .optional()
    .describe(
      'How far a replica may be behind before it is degraded, e.g. 30s. Default: replication is not looked at.',
    ),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe(
      'Conditions that must hold beside the answer to the query, or `{ down: […], degraded: […] }`. [BODY] is the ' +
        'first row: its value where there is one column, otherwise JSON.',
    ),
});
type PostgresSettings = z.output<typeof PostgresSettings>;

export const postgres = defineMonitor({
  type: 'postgres',
  summary:
    'Logs in to a PostgreSQL database, runs a query and measures how many connections are taken (`db_pool`) and how ' +
    'far a replica is behind (`lag`).',
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
    const { ask, lookAt } = await import('../protocols/postgres-session.ts');
    const body = await ask(client, { query, timeoutMs: io.timeoutMs });
    const latencyMs = io.clock.ticks() - startedAt;
    const { readings, warnings } = await lookAt(client, printHostAndPort(address), settings.lag_max);
    throwIfShutDown(io.signal);
    const found = { latencyMs, readings };
    const own: CheckResult =
      warnings.length === 0 ? { ...found, state: 'up' } : { ...found, state: 'degraded', reason: warnings.join(' ') };
    return withExpectations(expect, own, { connected: true, responseTimeMs: latencyMs, body });
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
  if (known !== undefined) return known;
  // An echo of what was sent must not be shown.
  if (address.password !== '' && (message + code).includes(address.password))
    return `${where} does not answer as PostgreSQL does.`;
  return `${where} answered with the error ${oneLine(code)}: ${oneLine(message)}.`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{C}]+/gu, ' ').slice(0, SHOWN_CHARS_MAX);
}
