import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { formatDuration } from '../../kernel/duration.ts';
import { failuresOf } from '../expectations/evaluate.ts';
import { expectation } from '../expectations/expectation.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause, throwIfShutDown } from '../protocols/failure.ts';
import { parseHostAndPort, printHostAndPort } from '../protocols/server-address.ts';

const BANNER_BYTES_MAX = 4096;
const SHOWN_CHARS_MAX = 80;

const TcpSettings = z.strictObject({
  tcp: z
    .string()
    .transform((text, context) => {
      const target = parseHostAndPort(text);
      if (target !== undefined) return target;
      context.addIssue({ code: 'custom', message: 'Expected host:port, such as mail.example:25.' });
      return z.NEVER;
    })
    .describe('Host and port to connect to, e.g. "mail.example:25".'),
  banner: z.string().min(1).max(200).optional().describe('Text the server must greet with, e.g. "220" for mail.'),
  expect: z
    .array(expectation(['CONNECTED', 'RESPONSE_TIME']))
    .min(1)
    .optional()
    .describe('Conditions that must all hold, e.g. "[CONNECTED] == false" for a port that must stay closed.'),
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

async function check(settings: TcpSettings, io: ProbeIo): Promise<CheckResult> {
  const where = printHostAndPort(settings.tcp);
  const startedAt = io.clock.ticks();
  let socket: Duplex;
  try {
    socket = await io.net.tcp.connect(settings.tcp, io.signal);
  } catch (error) {
    const down = downBecause(error, io, where);
    return judge(settings, { connected: false, latencyMs: io.clock.ticks() - startedAt }, down);
  }
  try {
    const latencyMs = io.clock.ticks() - startedAt;
    const complaint = settings.banner === undefined ? undefined : await missingBanner(socket, settings.banner, io);
    if (complaint !== undefined) return { state: 'down', latencyMs, reason: `${where} ${complaint}` };
    return judge(settings, { connected: true, latencyMs }, { state: 'up', latencyMs });
  } finally {
    socket.destroy();
  }
}

interface Attempt {
  readonly connected: boolean;
  readonly latencyMs: number;
}

/** Without conditions the connection decides; with them they do. */
function judge({ expect }: TcpSettings, { connected, latencyMs }: Attempt, otherwise: CheckResult): CheckResult {
  if (expect === undefined) return otherwise;
  const mayFail = expect.some(({ subject }) => subject.placeholder === 'CONNECTED');
  if (!connected && !mayFail) return otherwise;
  const reason = failuresOf(expect, connected ? { connected, responseTimeMs: latencyMs } : { connected });
  if (reason === undefined) return { state: 'up', latencyMs };
  return otherwise.state === 'down' ? otherwise : { state: 'down', latencyMs, reason };
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
