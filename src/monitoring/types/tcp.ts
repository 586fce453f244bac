import type { Duplex } from 'node:stream';
import * as z from 'zod';
import { formatDuration } from '../../kernel/duration.ts';
import { secretText } from '../../kernel/secret-text.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause, throwIfShutDown } from '../protocols/failure.ts';
import { hostAndPort, printHostAndPort } from '../protocols/server-address.ts';
import { bytesWritten, WRITTEN_BYTES } from '../protocols/written-bytes.ts';

const SAID_BYTES_MAX = 4096;
const SHOWN_CHARS_MAX = 80;

const TcpSettings = z
  .strictObject({
    tcp: hostAndPort({ example: 'host:port, such as mail.example:25' }).describe(
      'Host and port to connect to, e.g. "mail.example:25".',
    ),
    banner: z.string().min(1).max(200).optional().describe('Text the server must greet with, e.g. "220" for mail.'),
    send: secretText(WRITTEN_BYTES)
      .optional()
      .describe(
        'What to send once the greeting has come: text, or bytes such as "hex:0d0a". Some answer has to come back.',
      ),
    contains: WRITTEN_BYTES.optional().describe(
      'What the answer to that must contain, as text or as bytes such as "hex:0001". Default: any answer will do.',
    ),
    expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'IP'])
      .optional()
      .describe(
        'Conditions that must all hold, or `{ down: […], degraded: […] }`, e.g. "[CONNECTED] == false" for a port that ' +
          'must stay closed.',
      ),
  })
  .refine(({ send, contains }) => send !== undefined || contains === undefined, {
    path: ['send'],
    error: 'Expected something to send: without it nothing answers.',
  });
type TcpSettings = z.output<typeof TcpSettings>;

export const tcp = defineMonitor({
  type: 'tcp',
  summary: 'Connects to a TCP port and, if asked, reads the greeting, sends something and reads the answer.',
  example: 'mail: { tcp: "mail.example:25", banner: "220" }',
  testedAgainst: 'Node 26 sockets',
  settings: TcpSettings,
  target: ({ tcp: target }) => printHostAndPort(target),
  check,
});

async function check(settings: TcpSettings, io: ProbeIo): Promise<CheckResult> {
  const { tcp: target, expect } = settings;
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
    const complaint = await missingIn(socket, settings, io);
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

async function missingIn(socket: Duplex, { banner, send, contains }: TcpSettings, io: ProbeIo) {
  const chunks: AsyncIterator<Buffer> = socket.iterator({ destroyOnReturn: false });
  const greeting = banner === undefined ? undefined : await hear(chunks, Buffer.from(banner), io);
  if (banner !== undefined && greeting?.isFound === false) return noBanner(greeting.said, banner, io);
  if (send === undefined) return undefined;
  socket.write(bytesWritten(send.reveal()));
  const answer = await hear(chunks, bytesWritten(contains ?? ''), io);
  return answer.isFound ? undefined : noAnswer(answer.said, contains, io);
}

interface Heard {
  readonly isFound: boolean;
  readonly said: Buffer;
}

/** Until what is wanted has come, be it in pieces; at least something has to. */
async function hear(chunks: AsyncIterator<Buffer>, wanted: Buffer, io: ProbeIo): Promise<Heard> {
  let said: Buffer = Buffer.alloc(0);
  try {
    while (said.length < SAID_BYTES_MAX) {
      const { value, done } = await chunks.next();
      if (done === true) break;
      said = Buffer.concat([said, value]).subarray(0, SAID_BYTES_MAX);
      if (said.includes(wanted)) return { isFound: true, said };
    }
  } catch {
    // A server that breaks off has said all it will; what it did say decides.
    throwIfShutDown(io.signal);
  }
  return { isFound: false, said };
}

function noBanner(said: Buffer, banner: string, io: ProbeIo): string {
  const expected = `expected a greeting with ${JSON.stringify(banner)}.`;
  const shown = JSON.stringify(said.toString().slice(0, SHOWN_CHARS_MAX));
  if (said.length > 0) return `greeted with ${shown}, ${expected}`;
  return `accepted the connection but said nothing${inTime(io)}, ${expected}`;
}

/** What was answered is not shown: a server may send back what it got, and that may be secret. */
function noAnswer(said: Buffer, contains: string | undefined, io: ProbeIo): string {
  if (said.length === 0) return `did not answer what was sent${inTime(io)}.`;
  return `answered what was sent without ${JSON.stringify(contains)}${inTime(io)}.`;
}

function inTime({ signal, timeoutMs }: ProbeIo): string {
  return signal.aborted ? ` within ${formatDuration(timeoutMs)}` : '';
}
