import * as z from 'zod';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { bodyOf } from '../protocols/first-row.ts';
import {
  ask,
  judged,
  type Question,
  quoted,
  type WebAnswer,
  type WebService,
  webAddress,
  webServiceKeys,
  webServiceOf,
} from '../protocols/web-service.ts';

const { token: _token, ...keys } = webServiceKeys();

const ClickhouseSettings = z.strictObject({
  clickhouse: webAddress('http://clickhouse.example:8123').describe(
    'Address of its HTTP interface, e.g. "http://clickhouse.example:8123".',
  ),
  query: z
    .string()
    .min(1)
    .max(4_000)
    .default('select 1')
    .describe('One statement that must succeed, where nothing can be changed. Default: select 1.'),
  database: z
    .string()
    .regex(/^[\u0021-\u007e]{1,128}$/, 'Expected the name of a database, such as shop.')
    .optional()
    .describe('The database that the query is about. Default: that of the user.'),
  ...keys,
  expect: keys.expect.describe(
    'Conditions that must hold beside the answer to the query, or `{ down: […], degraded: […] }`. [BODY] is the ' +
      'first row: its value where there is one column, otherwise JSON.',
  ),
});
type ClickhouseSettings = z.output<typeof ClickhouseSettings>;

export const clickhouse = defineMonitor({
  type: 'clickhouse',
  summary:
    'Logs in to a ClickHouse server over HTTP, runs a query and measures how many of its tables cannot be written ' +
    '(`readonly_replicas`).',
  example: [
    'events:',
    '  clickhouse: https://clickhouse.example:8443',
    '  user: app',
    '  password: "${CLICKHOUSE_PASSWORD}"',
    '  query: select count() from events where at > now() - 3600',
    '  expect: ["[BODY] > 0"]',
  ].join('\n'),
  testedAgainst: 'ClickHouse 18.16',
  settings: ClickhouseSettings,
  target: (settings) => serviceOf(settings).place,
  check,
});

function serviceOf(settings: ClickhouseSettings): WebService {
  return webServiceOf(settings.clickhouse, 'ClickHouse', settings);
}

const PONG = 'Ok.\n';
const READONLY = `select value from system.metrics where metric = 'ReadonlyReplica'`;

async function check(settings: ClickhouseSettings, io: ProbeIo): Promise<CheckResult> {
  const service = serviceOf(settings);
  const pinged = await ask(service, { method: 'GET', path: '/ping' }, io);
  if ('failure' in pinged) return pinged.failure;
  if (pinged.answer.text !== PONG) {
    const reason = `${service.place} does not answer as ClickHouse does: status ${pinged.answer.status} to /ping.`;
    return { state: 'down', latencyMs: pinged.answer.latencyMs, reason };
  }
  const asked = await ask(service, questionFor(settings.query, settings.database), io);
  if ('failure' in asked) return asked.failure;
  const { answer } = asked;
  const { latencyMs } = answer;
  const reason = refusalIn(answer, service, settings);
  if (reason !== undefined) return judged(service, { state: 'down', latencyMs, reason }, answer);
  const own = await look(service, latencyMs, io);
  return judged(service, own, { ...answer, text: firstRowIn(answer.text) });
}

/** The server runs what comes by GET where nothing can be changed. */
function questionFor(query: string, database: string | undefined): Question {
  const parameters = { query, default_format: 'JSONEachRow', ...(database !== undefined && { database }) };
  return { method: 'GET', path: `/?${new URLSearchParams(parameters).toString()}` };
}

/** Who may not ask goes without. */
async function look(service: WebService, latencyMs: number, io: ProbeIo): Promise<CheckResult> {
  const asked = await ask(service, questionFor(READONLY, undefined), io);
  const count = 'answer' in asked && asked.answer.status === 200 ? Number(firstRowIn(asked.answer.text)) : Number.NaN;
  if (!Number.isSafeInteger(count) || count < 0) return { state: 'up', latencyMs };
  const found = { latencyMs, readings: { readonly_replicas: count } };
  if (count === 0) return { ...found, state: 'up' };
  const tables = count === 1 ? 'One table' : `${count} tables`;
  const reason = `${tables} of ${service.place} cannot be written: what keeps its copies together is not there.`;
  return { ...found, state: 'degraded', reason };
}

/** A row as an object in each line; what is no such line is what the query itself asked to be answered with. */
function firstRowIn(text: string): string {
  const [line = ''] = text.split('\n', 1);
  try {
    const row: unknown = JSON.parse(line);
    return typeof row === 'object' && row !== null && !Array.isArray(row) ? bodyOf(Object.entries(row)) : text;
  } catch {
    return text;
  }
}

/** `Code: 60, e.displayText() = DB::Exception: …`; it may come after some rows, which the status was sent before. */
function refusalIn(
  { status, text, isCut = false }: WebAnswer,
  service: WebService,
  settings: ClickhouseSettings,
): string | undefined {
  const { place } = service;
  if (isCut) return `${place} answered with more than 1 MB; choose a query with a small result.`;
  const [, code, said = ''] = /(?:^|\n)Code: (?<code>\d{1,5})[.,](?<said>.{0,400})/.exec(text.slice(-4_096)) ?? [];
  if (code === undefined) return status === 200 ? undefined : `${place} answered ${status} to the query.`;
  const user = userOf(settings);
  const meanings: Readonly<Record<string, string>> = {
    81: `${place} has no database ${settings.database}.`,
    159: `The query on ${place} did not end in time.`,
    164: 'The query tries to change data; a check may only read.',
    192: `${place} knows no user ${user}.`,
    193: `${place} rejected the password of user ${user}.`,
    194: `${place} asks for a password of user ${user}, and none is set.`,
    202: `${place} runs as many queries as it may.`,
    241: `${place} has not enough memory left for the query.`,
    497: `User ${user} may not do what the query does.`,
    516: `${place} rejected the password of user ${user}.`,
  };
  const message = said.replace(/^.*?DB::Exception: /, '');
  return meanings[code] ?? `${place} answered with the error ${code}: ${quoted(service, message)}.`;
}

function userOf({ user, clickhouse: address }: ClickhouseSettings): string {
  const { username } = new URL(address.reveal());
  return user ?? (username === '' ? 'default' : username);
}
