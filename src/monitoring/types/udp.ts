import * as z from 'zod';
import { secretText } from '../../kernel/secret-text.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';
import { hostAndPort, printHostAndPort } from '../protocols/server-address.ts';
import { bytesWritten, WRITTEN_BYTES } from '../protocols/written-bytes.ts';

const SHOWN_CHARS_MAX = 80;

const UdpSettings = z.strictObject({
  udp: hostAndPort({ example: 'host:port, such as game.example:27015' }).describe(
    'Host and port to send a datagram to, e.g. "game.example:27015".',
  ),
  send: secretText(WRITTEN_BYTES)
    .optional()
    .describe('What to send, as text or as bytes such as "hex:ffffffff54". Default: a datagram with nothing in it.'),
  contains: WRITTEN_BYTES.optional().describe(
    'What the answer must contain, as text or as bytes such as "hex:0001". Default: any answer will do.',
  ),
  expect: expectations(['CONNECTED', 'RESPONSE_TIME', 'BODY'])
    .optional()
    .describe('Conditions that must all hold, or `{ down: […], degraded: […] }`. [BODY] is the answer as text.'),
});
type UdpSettings = z.output<typeof UdpSettings>;

export const udp = defineMonitor({
  type: 'udp',
  summary: 'Sends a datagram and waits for an answer. A port that never answers cannot be watched this way.',
  example: 'game: { udp: "game.example:27015", send: "hex:ffffffff54536f7572636520456e67696e6520517565727900" }',
  testedAgainst: 'Node 26 sockets',
  settings: UdpSettings,
  target: ({ udp: target }) => printHostAndPort(target),
  check,
});

async function check({ udp: target, send, contains, expect }: UdpSettings, io: ProbeIo): Promise<CheckResult> {
  const where = printHostAndPort(target);
  const datagram = bytesWritten(send?.reveal() ?? '');
  const startedAt = io.clock.ticks();
  try {
    const answer = Buffer.from(await io.net.udp.exchange(target, datagram, () => true, io.signal));
    const latencyMs = io.clock.ticks() - startedAt;
    const own: CheckResult =
      contains === undefined || answer.includes(bytesWritten(contains))
        ? { state: 'up', latencyMs }
        : {
            state: 'down',
            latencyMs,
            reason: `${where} answered without ${JSON.stringify(contains)}${shown(answer, send?.reveal())}.`,
          };
    const observed = { connected: true, responseTimeMs: latencyMs, body: answer.toString() };
    return withExpectations(expect, own, { ...observed, secrets: [datagram.toString()] });
  } catch (error) {
    return unreached(expect, downBecause(error, io, where), io.clock.ticks() - startedAt);
  }
}

/** Not where anything was sent: a server may send it back, and it may be secret. */
function shown(answer: Buffer, sent: string | undefined): string {
  return sent === undefined ? `: ${JSON.stringify(answer.toString('latin1').slice(0, SHOWN_CHARS_MAX))}` : '';
}
