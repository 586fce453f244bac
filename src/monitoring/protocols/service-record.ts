import { SECOND_MS } from '../../kernel/clock.ts';
import type { Target } from '../../kernel/net.ts';
import type { ProbeIo } from '../monitor-type.ts';
import { decodeAnswer, encodeQuestion, isAnswerTo, type Question } from './dns-message.ts';
import { throwIfShutDown } from './failure.ts';
import { parseHost, parseHostAndPort } from './server-address.ts';

const DNS_PORT = 53;
const WAIT_MS = 2 * SECOND_MS;

/**
 * Where a service of a domain is, as its SRV record says (RFC 2782): the first choice of all. Undefined when there is
 * none, or nobody tells: whoever asks has another address to try.
 */
export async function serviceRecord(name: string, io: ProbeIo): Promise<Target | undefined> {
  const { ids, net, clock, signal } = io;
  const [first = ''] = net.nameServers();
  const server = parseHostAndPort(first) ?? parseHost(first, DNS_PORT);
  if (server === undefined) return undefined;
  const id = Buffer.from(ids.secret(2), 'base64url').readUInt16BE();
  const question: Question = { id, name, type: 'SRV' };
  const isAnswer = (datagram: Uint8Array) => isAnswerTo(question, datagram);
  try {
    const until = AbortSignal.any([signal, clock.timeout(WAIT_MS)]);
    const answer = decodeAnswer(await net.udp.exchange(server, encodeQuestion(question), isAnswer, until), 'SRV');
    return best(answer.answers);
  } catch {
    throwIfShutDown(signal);
    return undefined;
  }
}

/** Each is `priority weight port host`; the lowest priority and then the greatest weight comes first. */
function best(answers: readonly string[]): Target | undefined {
  const known = answers.map((answer) => {
    const [priority = '', weight = '', port = '', host = ''] = answer.split(' ');
    return {
      priority: Number(priority),
      weight: Number(weight),
      target: parseHost(host.replace(/\.$/, ''), Number(port)),
    };
  });
  return known.toSorted((one, other) => one.priority - other.priority || other.weight - one.weight)[0]?.target;
}
