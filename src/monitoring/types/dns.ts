import * as z from 'zod';
import type { Target } from '../../kernel/net.ts';
import { expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { readerOf } from '../protocols/byte-reader.ts';
import {
  type DnsAnswer,
  DnsUnreadable,
  decodeAnswer,
  encodeQuestion,
  isAnswerTo,
  type Question,
} from '../protocols/dns-message.ts';
import { RECORD_TYPES, type RecordType } from '../protocols/dns-records.ts';
import { downBecause } from '../protocols/failure.ts';
import { hostAndPort, parseHost, parseHostAndPort, printHostAndPort } from '../protocols/server-address.ts';

const PORT = 53;
const NAME_CHARS_MAX = 253;
const NAME = /^(?:[\w-]{1,63}\.)*[\w-]{1,63}\.?$/;

const DnsSettings = z.strictObject({
  dns: z
    .string()
    .max(NAME_CHARS_MAX + 1)
    .regex(NAME, 'Expected a name in ASCII, such as shop.example.')
    .describe('The name to look up, e.g. "shop.example". For PTR the whole one, e.g. "1.2.0.192.in-addr.arpa".'),
  record: z.enum(keysOf(RECORD_TYPES)).default('A').describe('The type of record to ask for. Default A.'),
  server: hostAndPort({ defaultPort: PORT, example: 'a server such as 192.0.2.53 or ns1.example:53' })
    .optional()
    .describe('Whom to ask, e.g. "ns1.example:53". Default: the first name server of the machine.'),
  dnssec: z
    .boolean()
    .default(false)
    .describe(
      'Whether the answer must be proven by DNSSEC, and is degraded without: verified by the server, or signed by the ' +
        'one that knows. Default false.',
    ),
  expect: expectations(['DNS_RCODE', 'BODY', 'RESPONSE_TIME', 'CONNECTED'])
    .optional()
    .describe(
      'Conditions that must all hold, or `{ down: […], degraded: […] }`. [BODY] is all the answers, sorted, with commas ' +
        'between them. Default: the code is NOERROR and there is an answer.',
    ),
});
type DnsSettings = z.output<typeof DnsSettings>;

export const dns = defineMonitor({
  type: 'dns',
  summary: 'Asks a name server for a name and looks at its answers.',
  example: 'name: { dns: shop.example, record: A, expect: [\'[BODY] == "192.0.2.1"\'] }',
  testedAgainst: 'dnsmasq 2.90, Knot DNS 3.2, Unbound 1.17, RFC 1035 by its bytes',
  settings: DnsSettings,
  target: ({ dns: name, record, server }) =>
    `${name} ${record}${server === undefined ? '' : ` at ${printHostAndPort(server)}`}`,
  check,
});

async function check(settings: DnsSettings, io: ProbeIo): Promise<CheckResult> {
  const server = settings.server ?? firstNameServer(io.net.nameServers());
  if (server === undefined) return { state: 'down', reason: 'This machine has no name server that could be asked.' };
  const where = printHostAndPort(server);
  const startedAt = io.clock.ticks();
  try {
    const answer = await ask(questionOf(settings, io), server, io);
    return judge(settings, answer, where, io.clock.ticks() - startedAt);
  } catch (error) {
    if (error instanceof DnsUnreadable)
      return { state: 'down', reason: `${where} sent an answer that cannot be read.` };
    return unreached(settings.expect, downBecause(error, io, where), io.clock.ticks() - startedAt);
  }
}

function firstNameServer([first = '']: readonly string[]): Target | undefined {
  return parseHostAndPort(first) ?? parseHost(first, PORT);
}

function judge(settings: DnsSettings, answer: DnsAnswer, where: string, latencyMs: number) {
  const { dns: name, record, expect, dnssec } = settings;
  const { rcode, answers, isProven } = answer;
  const observed = { connected: true, dnsRcode: rcode, body: answers.join(', '), responseTimeMs: latencyMs };
  return withExpectations(expect, ownResult(), observed);

  /** Whoever expects something of their own for it to be up decides that alone. */
  function ownResult(): CheckResult {
    if (expect !== undefined && expect.down.length > 0) return goodEnough();
    if (rcode !== 'NOERROR') return { state: 'down', latencyMs, reason: `${where} answered ${rcode} for ${name}.` };
    if (answers.length > 0) return goodEnough();
    return { state: 'down', latencyMs, reason: `${where} knows no ${record} record of ${name}.` };
  }

  function goodEnough(): CheckResult {
    if (!dnssec || isProven) return { state: 'up', latencyMs };
    return { state: 'degraded', latencyMs, reason: `The answer of ${where} for ${name} is not proven by DNSSEC.` };
  }
}

/** Chance in the id, and the system's in the port: who cannot see the question cannot answer it. */
function questionOf({ dns: name, record: type, dnssec: isProofWanted }: DnsSettings, { ids }: ProbeIo): Question {
  const id = Buffer.from(ids.secret(2), 'base64url').readUInt16BE();
  return { id, name: name.endsWith('.') ? name.slice(0, -1) : name, type, isProofWanted };
}

async function ask(question: Question, server: Target, io: ProbeIo): Promise<DnsAnswer> {
  const asked = encodeQuestion(question);
  const isAnswer = (datagram: Uint8Array) => isAnswerTo(question, datagram);
  const answer = decodeAnswer(await io.net.udp.exchange(server, asked, isAnswer, io.signal), question.type);
  return answer.isTruncated ? askOverTcp(question, asked, server, io) : answer;
}

/** RFC 7766: the same message, with its length before it. */
async function askOverTcp(question: Question, asked: Buffer, server: Target, io: ProbeIo): Promise<DnsAnswer> {
  const socket = await io.net.tcp.connect(server, io.signal);
  try {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(asked.length);
    socket.write(Buffer.concat([length, asked]));
    const reader = readerOf(socket);
    const announced = (await reader.exactly(2))?.readUInt16BE() ?? 0;
    const message = await reader.exactly(announced);
    if (message === undefined || !isAnswerTo(question, message)) throw new DnsUnreadable('Not an answer.');
    const answer = decodeAnswer(message, question.type);
    if (answer.isTruncated) throw new DnsUnreadable('There is room for all of it.');
    return answer;
  } finally {
    socket.destroy();
  }
}

function keysOf(types: Readonly<Record<RecordType, number>>): readonly [RecordType, ...RecordType[]] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a record are its keys
  return Object.keys(types) as [RecordType, ...RecordType[]];
}
