import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { formatDuration } from '../../kernel/duration.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause, throwIfShutDown } from '../protocols/failure.ts';
import { hostAndPort, printHostAndPort } from '../protocols/server-address.ts';

const BANNER_BYTES_MAX = 4096;
const SHOWN_CHARS_MAX = 80;

const TcpSettings = z.strictObject({
  tcp: hostAndPort({ example: 'host:port, such as mail.example:25' }).describe(
    'Host and port to connect to, e.g. "mail.example:25".',
  ),
  banner: z.string().min(1).max(200).optional().describe('Text the server must greet with, e.g. "220" for mail.'),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'IP'])
    .optional()
    .describe(
      'Conditions that must all hold, or `{ down: […], degraded: […] }`, e.g. "[CONNECTED] == false" for a port that ' +
        'must stay closed.',
    ),
});
type TcpSettings = z.output<typeof TcpSettings>;

export const tcp = defineMonitor({
  type: 'tcp',
  summary: 'Connects to a TCP port and, if asked, reads the greeting.',
  example: 'mail: { tcp: "mail.example:25", banner: "220" }',
  testedAgainst: 'Node 26 sockets',
  settings: TcpSettings,
  target: ({ tcp: target }) => printHostAndPort(target),
  check,
});

async function check({ tcp: target, banner, expect }: TcpSettings, io: ProbeIo): Promise<CheckResult> {
  const where = printHostAndPort(target);
  const startedAt = io.clock.ticks();
  let socket: Duplex;
  try {
    socket = await io.net.tcp.connect(target, io.signal);
  } catch (error) {
    return unreached(expect, downBecause(error, io, where), io.clock.ticks() - startedAt);
  }
  try {
    const latencyMs = io.clock.ticks() - startedAt;
    const observed = { connected: true, responseTimeMs: latencyMs, ...addressOf(socket) };
    const complaint = banner === undefined ? undefined : await missingBanner(socket, banner, io);
    const own: CheckResult =
      complaint === undefined
        ? { state: 'up', latencyMs }
        : { state: 'down', latencyMs, reason: `${where} ${complaint}` };
    return withExpectations(expect, own, observed);
  } finally {
    socket.destroy();
  }
}

function addressOf(socket: Duplex): { readonly ip?: string } {
  return 'remoteAddress' in socket && typeof socket.remoteAddress === 'string' ? { ip: socket.remoteAddress } : {};
}

async function missingBanner(socket: Duplex, banner: string, io: ProbeIo): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let greeting = '';
  try {
    for await (const chunk of socket) {
      chunks.push(chunk);
      greeting = Buffer.concat(chunks).subarray(0, BANNER_BYTES_MAX).toString();
      if (greeting.includes(banner)) return undefined;
      if (greeting.length >= BANNER_BYTES_MAX) break;
    }
  } catch {
    // A server that breaks off has said all it will; what it did say decides.
    throwIfShutDown(io.signal);
  }
  const expected = `expected a greeting with ${JSON.stringify(banner)}.`;
  if (greeting !== '') return `greeted with ${JSON.stringify(greeting.slice(0, SHOWN_CHARS_MAX))}, ${expected}`;
  return io.signal.aborted
    ? `accepted the connection but said nothing within ${formatDuration(io.timeoutMs)}, ${expected}`
    : `accepted the connection but said nothing, ${expected}`;
}
