import type { Duplex } from 'node:stream';
import * as z from 'zod';
import type { Target } from '../../kernel/net.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';
import { printHostAndPort, type ServerAddress, serverAddressOf, serverUrl } from '../protocols/server-address.ts';

const PORT = 6379;
const REPLY_BYTES_MAX = 4096;
const SHOWN_CHARS_MAX = 80;

const RedisSettings = z.strictObject({
  redis: serverUrl({ schemes: ['redis', 'rediss'], example: 'redis://cache.example:6379/0' }).describe(
    'Address of the server, e.g. "redis://user:password@cache.example:6379/0"; rediss: for TLS.',
  ),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME'])
    .optional()
    .describe('Conditions that must hold beside an answer to PING, or `{ down: […], degraded: […] }`.'),
  verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
});
type RedisSettings = z.output<typeof RedisSettings>;

export const redis = defineMonitor({
  type: 'redis',
  summary: 'Logs in to a Redis server and sends PING.',
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
    socket.write(steps.map(({ command }) => encode(command)).join(''));
    const replies = await repliesFrom(socket, steps.length);
    const latencyMs = io.clock.ticks() - startedAt;
    const own = judge(steps, replies, { where, latencyMs });
    return withExpectations(expect, own, { connected: true, responseTimeMs: latencyMs });
  } catch (error) {
    return withExpectations(expect, downBecause(error, io, where), { connected: true });
  } finally {
    socket.destroy();
  }
}

function targetOf({ scheme, host, port }: ServerAddress, { verify_tls: verify }: RedisSettings): Target {
  return scheme === 'rediss' ? { host, port, tls: verify ? 'verified' : 'unverified' } : { host, port };
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

/** RESP (https://redis.io/docs/latest/develop/reference/protocol-spec/): a list of texts, each with its length. */
function encode(command: readonly string[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join('')}`;
}

/** The first lines, or fewer when the server ends the connection or says more than it should. */
async function repliesFrom(socket: Duplex, count: number): Promise<readonly string[]> {
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    const lines = text.split('\r\n');
    if (lines.length > count) return lines.slice(0, count);
    if (text.length > REPLY_BYTES_MAX) break;
  }
  return text.split('\r\n').filter((line) => line !== '');
}

interface Attempt {
  readonly where: string;
  readonly latencyMs: number;
}

function judge(steps: readonly Step[], replies: readonly string[], { where, latencyMs }: Attempt): CheckResult {
  let warning: string | undefined;
  for (const [index, step] of steps.entries()) {
    const reply = replies[index] ?? '';
    if (reply === step.reply) continue;
    if (isPasswordUnneeded(step, reply)) warning = `${where} asks for no password, but one is set for it.`;
    else return { state: 'down', latencyMs, reason: explain(reply, step, where) };
  }
  return warning === undefined ? { state: 'up', latencyMs } : { state: 'degraded', latencyMs, reason: warning };
}

/** The server works; it is only open to everybody, which its owner believes it is not. */
function isPasswordUnneeded({ command }: Step, reply: string): boolean {
  return command[0] === 'AUTH' && reply.startsWith('-ERR') && reply.includes('without any password configured');
}

function explain(reply: string, { command, refusals }: Step, where: string): string {
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
  const known = meanings[word];
  if (known !== undefined) return known;
  const shown = JSON.stringify(reply.slice(0, SHOWN_CHARS_MAX));
  return word === '' ? `${where} does not answer as Redis does: ${shown}.` : `${where} answered ${shown}.`;
}
