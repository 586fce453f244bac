import { BerUnreadable, elementAt, elementsIn, integer, integerIn, octets, sequence, TAG } from './ber.ts';
import { getPdu, type Pdu, pduIn, type SnmpValue } from './snmp-pdu.ts';

/** The agent answers, but not with the value. The message goes on where its address ends. */
export class SnmpRefused extends Error {}

/** How the question gets there; takes the first datagram that `isAnswer` takes. */
export type SnmpExchange = (datagram: Buffer, isAnswer: (datagram: Uint8Array) => boolean) => Promise<Uint8Array>;

export interface CommunityQuestion {
  readonly version: '1' | '2c';
  readonly community: string;
  readonly oid: string;
  /** 1 to 2^31 - 1, by chance: who cannot see the question cannot answer it. */
  readonly requestId: number;
}

/** RFC 1157 and RFC 3416 §5: everybody who knows the community may ask. Throws `SnmpRefused`. */
export async function askByCommunity(question: CommunityQuestion, exchange: SnmpExchange): Promise<SnmpValue> {
  const { version, community, oid, requestId } = question;
  const message = sequence(integer(version === '1' ? 0 : 1), octets(community), getPdu(requestId, oid));
  const isAnswer = (datagram: Uint8Array) => pduOf(datagram)?.requestId === requestId;
  const pdu = pduOf(await exchange(message, isAnswer));
  if (pdu === undefined) throw new SnmpRefused('sends an answer that cannot be read.');
  return valueOf(pdu, oid);
}

/** RFC 3416 §3, as far as a question for one value can meet them. */
export function valueOf({ error, name, value }: Pdu, oid: string): SnmpValue {
  if (error === NO_SUCH_NAME) return { kind: 'missing' };
  if (error === NO_ACCESS || error === NOT_AUTHORIZED) throw new SnmpRefused(`does not let us read ${oid}.`);
  if (error !== 0) throw new SnmpRefused(`answered with the error ${error}.`);
  if (name !== oid) throw new SnmpRefused('answers with the value of another object.');
  return value;
}

const NO_SUCH_NAME = 2;
const NO_ACCESS = 6;
const NOT_AUTHORIZED = 16;

function pduOf(datagram: Uint8Array): Pdu | undefined {
  try {
    const message = elementsIn(elementAt(elementsIn(Buffer.from(datagram)), 0, TAG.sequence));
    integerIn(elementAt(message, 0, TAG.integer));
    const [, , pdu] = message;
    return pdu === undefined ? undefined : pduIn(pdu);
  } catch (error) {
    if (error instanceof BerUnreadable) return undefined;
    throw error;
  }
}
