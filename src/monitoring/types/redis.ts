import type { Duplex } from 'node:stream';
import * as z from 'zod';
import type { Target } from '../../kernel/net.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';
import { encode, type Replies, repliesFrom } from '../protocols/redis-replies.ts';
import { printHostAndPort, type ServerAddress, serverAddressOf, serverUrl } from '../protocols/server-address.ts';

const PORT = 6379;
const SHOWN_CHARS_MAX = 80;
const PLAIN = ['redis', 'valkey'];
const SECURE = ['rediss', 'valkeys'];

const RedisSettings = z.strictObject({
  redis: serverUrl({ schemes: [...PLAIN, ...SECURE], example: 'redis://cache.example:6379/0' }).describe(
    'Address of the server, e.g. "redis://user:password@cache.example:6379/0"; valkey: is the same, rediss: and ' +
      'valkeys: are for TLS.',
  ),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME'])
    .optional()
    .describe('Conditions that must hold beside an answer to PING, or `{ down: […], degraded: […] }`.'),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type RedisSettings = z.output<typeof RedisSettings>;

export const redis = defineMonitor({
  type: 'redis',
  summary:
    'Logs in to a Redis or Valkey server, sends PING and measures how full it is: `memory`, unless it makes room by ' +
    'itself, and `clients`.',
  example: 'cache: { redis: "redis://cache.example:6379/0", expect: { degraded: ["[RESPONSE_TIME] < 50ms"] } }',
  testedAgainst: 'Redis 7',
  settings: RedisSettings,
  target: ({ redis: url }) => printHostAndPort(serverAddressOf(url, PORT)),
  check,
});

async function check(settings: RedisSettings, io: ProbeIo): Promise<CheckResult> {
  const address = serverAddressOf(settings.redis, PORT);
  const where = printHostAndPort(address);
  const steps = conversation(address, where);
  const { expect } = settings;
  const startedAt = io.clock.ticks();
  let socket: Duplex;
  try {
    socket = await io.net.tcp.connect(targetOf(address, settings), io.signal);
  } catch (error) {
    return unreached(expect, downBecause(error, io, where), io.clock.ticks() - startedAt);
  }
  try {
    // All at once: one round trip, however many steps.
    socket.write([...steps.map(({ command }) => command), ['INFO']].map(encode).join(''));
    const replies = await repliesFrom(socket, steps.length);
    const latencyMs = io.clock.ticks() - startedAt;
    const own = judge(steps, replies, { where, password: address.password, latencyMs });
    return withExpectations(expect, own, { connected: true, responseTimeMs: latencyMs });
  } catch (error) {
    return withExpectations(expect, downBecause(error, io, where), { connected: true });
  } finally {
    socket.destroy();
  }
}

function targetOf({ scheme, host, port }: ServerAddress, { verify_tls: verify }: RedisSettings): Target {
  return SECURE.includes(scheme) ? { host, port, tls: verify ? 'verified' : 'unverified' } : { host, port };
}

/** One command, the reply it must get, and what its errors mean, by the first word. */
interface Step {
  readonly command: readonly string[];
  readonly reply: string;
  readonly refusals: Readonly<Record<string, string>>;
}

function conversation({ user, password, path }: ServerAddress, where: string): readonly Step[] {
  const rejected =
    user === '' ? `The password for ${where} was rejected.` : `The password for user ${user} was rejected.`;
  const credentials = user === '' ? [password] : [user, password];
  const auth = { command: ['AUTH', ...credentials], reply: '+OK', refusals: { WRONGPASS: rejected } };
  const select = {
    command: ['SELECT', path],
    reply: '+OK',
    refusals: { ERR: `There is no database ${path} on ${where}.` },
  };
  const ping = { command: ['PING'], reply: '+PONG', refusals: {} };
  return [...(password === '' ? [] : [auth]), ...(path === '' ? [] : [select]), ping];
}

interface Attempt {
  readonly where: string;
  readonly password: string;
  readonly latencyMs: number;
}

function judge(steps: readonly Step[], { lines, info }: Replies, attempt: Attempt): CheckResult {
  const { where, latencyMs } = attempt;
  const warnings = warningsIn(info, where);
  for (const [index, step] of steps.entries()) {
    const reply = lines[index] ?? '';
    if (reply === step.reply) continue;
    if (isPasswordUnneeded(step, reply)) warnings.unshift(`${where} asks for no password, but one is set for it.`);
    else return { state: 'down', latencyMs, reason: explain(reply, step, attempt) };
  }
  const found = { latencyMs, readings: readingsIn(info) };
  return warnings.length === 0
    ? { ...found, state: 'up' }
    : { ...found, state: 'degraded', reason: warnings.join(' ') };
}

type Info = Replies['info'];

/** What the server itself says is wrong, though it answers. Who may not ask for it goes without. */
function warningsIn(info: Info, where: string): string[] {
  const signs = [
    ['master_link_status', 'down', `The replica ${where} has lost its master.`],
    ['rdb_last_bgsave_status', 'err', `${where} could not save its data to disk.`],
    ['aof_last_write_status', 'err', `${where} could not write its changes to disk.`],
  ] as const;
  return signs.flatMap(([field, bad, warning]) => (info?.get(field) === bad ? [warning] : []));
}

/** A cache that throws out what it has to is always full; the others refuse to take more. */
function readingsIn(info: Info): Readonly<Record<string, number>> {
  const share = (part: string, whole: string) => Number(info?.get(part)) / Number(info?.get(whole));
  const isCache = info?.get('maxmemory_policy')?.startsWith('allkeys') === true;
  const readings = {
    memory: isCache ? Number.NaN : share('used_memory', 'maxmemory'),
    clients: share('connected_clients', 'maxclients'),
  };
  return Object.fromEntries(Object.entries(readings).filter(([, value]) => Number.isFinite(value)));
}

/** As versions from 6 on, and those before, say it. */
const UNNEEDED = /^-ERR .*(?:without any password configured|no password is set)/;
const REJECTED = '-ERR invalid password';

/** The server works; it is only open to everybody, which its owner believes it is not. */
function isPasswordUnneeded({ command }: Step, reply: string): boolean {
  return command[0] === 'AUTH' && UNNEEDED.test(reply);
}

function explain(reply: string, { command, refusals }: Step, { where, password }: Attempt): string {
  if (reply === '') return `${where} closed the connection without an answer.`;
  const [, word = ''] = /^-(?<word>[A-Z]+)\b/.exec(reply) ?? [];
  const meanings: Readonly<Record<string, string>> = {
    NOAUTH: `${where} asks for a password, and none is set for it.`,
    NOPERM: `The user for ${where} may not run ${command[0]}; allow it with ACL SETUSER … +${command[0]?.toLowerCase()}.`,
    LOADING: `${where} is still loading its data.`,
    MASTERDOWN: `${where} has lost its master.`,
    MISCONF: `${where} cannot save its data.`,
    DENIED: `${where} accepts connections from its own machine only (protected mode).`,
    ...refusals,
  };
  const known = reply === REJECTED ? refusals['WRONGPASS'] : meanings[word];
  if (known !== undefined) return known;
  // An echo of what was sent must not be shown.
  if (password !== '' && reply.includes(password)) return `${where} does not answer as Redis does.`;
  const shown = JSON.stringify(reply.slice(0, SHOWN_CHARS_MAX));
  return word === '' ? `${where} does not answer as Redis does: ${shown}.` : `${where} answered ${shown}.`;
}
