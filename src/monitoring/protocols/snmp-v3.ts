import { timingSafeEqual } from 'node:crypto';
import {
  BerUnreadable,
  type Element,
  element,
  elementAt,
  elementsIn,
  integer,
  integerIn,
  octets,
  sequence,
  TAG,
} from './ber.ts';
import { type SnmpExchange, SnmpRefused, valueOf } from './snmp.ts';
import { emptyPdu, getPdu, type Pdu, pduIn, REPORT, type SnmpValue } from './snmp-pdu.ts';
import { decrypted, digestBytes, digestOf, encrypted, localizedKey, type SnmpHash } from './snmp-security.ts';

export interface UserQuestion {
  readonly user: string;
  /** Without one nothing is proven, and nothing encrypted. */
  readonly password?: string;
  readonly hash: SnmpHash;
  /** With one, the values are encrypted with AES-128. */
  readonly privacyPassword?: string;
  readonly oid: string;
  /** 1 to 2^31 - 1, by chance. */
  readonly nextId: () => number;
  /** 8 bytes that never come twice. */
  readonly nextSalt: () => Uint8Array;
}

/** Which agent this is, and how late it is for it (RFC 3414 §2.2). */
interface Engine {
  readonly id: Buffer;
  readonly boots: number;
  readonly time: number;
}

interface Keys {
  readonly authentication?: Buffer;
  readonly privacy?: Buffer;
}

interface Answer {
  readonly engine: Engine;
  readonly pdu: Pdu;
}

const VERSION = 3;
const USER_SECURITY = 3;
const MESSAGE_BYTES_MAX = 65_507;
const REPORTABLE = 0x04;
const AUTHENTICATED = 0x01;
const ENCRYPTED = 0x02;
/** RFC 3411 §5. */
const ENGINE_BYTES_MAX = 32;
const COUNT_MAX = 2 ** 31 - 1;
const SALT_BYTES = 8;
const UNKNOWN: Engine = { id: Buffer.alloc(0), boots: 0, time: 0 };
/** RFC 3414 §5: what a report is about. */
const STATISTICS = '1.3.6.1.6.3.15.1.1.';
const NOT_IN_TIME = `${STATISTICS}2.0`;

/** RFC 3414: asks the agent who it is, and then for the value. Throws `SnmpRefused`. */
export async function askAsUser(question: UserQuestion, exchange: SnmpExchange): Promise<SnmpValue> {
  const { engine } = await ask(question, UNKNOWN, {}, exchange);
  const keys = keysFor(question, engine);
  let answer = await ask(question, engine, keys, exchange);
  // It knows the time better, and says so under its own signature.
  if (answer.pdu.tag === REPORT && answer.pdu.name === NOT_IN_TIME) {
    answer = await ask(question, answer.engine, keys, exchange);
  }
  if (answer.pdu.tag === REPORT) throw new SnmpRefused(reportOn(answer.pdu.name, question.user));
  return valueOf(answer.pdu, question.oid);
}

function keysFor({ password, privacyPassword, hash }: UserQuestion, { id }: Engine): Keys {
  return {
    ...(password !== undefined && { authentication: localizedKey(hash, password, id) }),
    ...(privacyPassword !== undefined && { privacy: localizedKey(hash, privacyPassword, id) }),
  };
}

function reportOn(name: string, user: string): string {
  const meanings: Readonly<Record<string, string>> = {
    [`${STATISTICS}1.0`]: `wants passwords or encryption of another kind from ${user}.`,
    [`${STATISTICS}3.0`]: `knows no user ${user}.`,
    [`${STATISTICS}5.0`]: `rejected the password of ${user}.`,
    [`${STATISTICS}6.0`]: `cannot decrypt what ${user} sends: the privacy password is another one.`,
  };
  return meanings[name] ?? 'does not accept the question.';
}

async function ask(question: UserQuestion, engine: Engine, keys: Keys, exchange: SnmpExchange): Promise<Answer> {
  const id = question.nextId();
  const message = messageFor(question, { id, engine, keys });
  const isAnswer = (datagram: Uint8Array) => idOf(datagram) === id;
  const datagram = await exchange(message, isAnswer);
  try {
    return read(Buffer.from(datagram), question, keys);
  } catch (cause) {
    if (cause instanceof BerUnreadable) throw new SnmpRefused('sends an answer that cannot be read.', { cause });
    throw cause;
  }
}

interface Outgoing {
  readonly id: number;
  readonly engine: Engine;
  readonly keys: Keys;
}

/** RFC 3412 §6. */
function messageFor({ user, hash, oid, nextSalt }: UserQuestion, { id, engine, keys }: Outgoing): Buffer {
  const isKnown = engine.id.length > 0;
  const scoped = sequence(octets(engine.id), octets(''), isKnown ? getPdu(id, oid) : emptyPdu(id));
  const salt = keys.privacy === undefined ? Buffer.alloc(0) : nextSalt();
  const data = keys.privacy === undefined ? scoped : octets(encrypted(keys.privacy, { ...engine, salt }, scoped));
  const flags =
    REPORTABLE | (keys.authentication === undefined ? 0 : AUTHENTICATED) | (keys.privacy === undefined ? 0 : ENCRYPTED);
  const head = sequence(integer(id), integer(MESSAGE_BYTES_MAX), octets(Buffer.from([flags])), integer(USER_SECURITY));
  const withDigest = (digest: Uint8Array) => {
    const named = [octets(engine.id), integer(engine.boots), integer(engine.time), octets(isKnown ? user : '')];
    return sequence(integer(VERSION), head, octets(sequence(...named, octets(digest), octets(salt))), data);
  };
  if (keys.authentication === undefined) return withDigest(Buffer.alloc(0));
  // Signed with zeros where the signature will stand.
  return withDigest(digestOf(hash, keys.authentication, withDigest(Buffer.alloc(digestBytes(hash)))));
}

function read(message: Buffer, { hash }: UserQuestion, keys: Keys): Answer {
  const [, , parameters, data] = elementsIn(elementAt(elementsIn(message), 0, TAG.sequence));
  if (parameters === undefined || data === undefined) throw new BerUnreadable('It ends too soon.');
  const security = elementsIn(elementAt(elementsIn(parameters.content), 0, TAG.sequence));
  const engine = engineIn(security);
  const digest = elementAt(security, 4, TAG.octets);
  const salt = elementAt(security, 5, TAG.octets);
  const isGenuine = keys.authentication === undefined || isSigned(message, { digest, hash, key: keys.authentication });
  const pdu = pduOf(
    data.tag === TAG.octets ? open(data.content, { ...engine, salt }, keys) : element(data.tag, data.content),
  );
  // A report may come from an agent that cannot sign it, for it does not know us; a value may not.
  const isUnsignedReport = pdu.tag === REPORT && digest.length === 0;
  if (!isGenuine && !isUnsignedReport) throw new SnmpRefused('cannot prove that its answer is its own.');
  return { engine, pdu };
}

function engineIn(security: readonly Element[]): Engine {
  const id = elementAt(security, 0, TAG.octets);
  const boots = integerIn(elementAt(security, 1, TAG.integer));
  const time = integerIn(elementAt(security, 2, TAG.integer));
  const isOne = id.length <= ENGINE_BYTES_MAX && [boots, time].every((each) => each >= 0 && each <= COUNT_MAX);
  if (!isOne) throw new BerUnreadable('This is no agent.');
  return { id, boots, time };
}

function pduOf(scoped: Buffer): Pdu {
  const [, , pdu] = elementsIn(elementAt(elementsIn(scoped), 0, TAG.sequence));
  if (pdu === undefined) throw new BerUnreadable('There is nothing in it.');
  return pduIn(pdu);
}

function open(secret: Buffer, start: Engine & { readonly salt: Buffer }, { privacy }: Keys): Buffer {
  if (privacy === undefined || start.salt.length !== SALT_BYTES) throw new BerUnreadable('It cannot be decrypted.');
  return decrypted(privacy, start, secret);
}

interface Signature {
  readonly digest: Buffer;
  readonly hash: SnmpHash;
  readonly key: Buffer;
}

function isSigned(message: Buffer, { digest, hash, key }: Signature): boolean {
  const at = digest.byteOffset - message.byteOffset;
  const unsigned = Buffer.from(message).fill(0, at, at + digest.length);
  const expected = digestOf(hash, key, unsigned);
  return expected.length === digest.length && timingSafeEqual(expected, digest);
}

function idOf(datagram: Uint8Array): number | undefined {
  try {
    const message = elementsIn(elementAt(elementsIn(Buffer.from(datagram)), 0, TAG.sequence));
    return integerIn(elementAt(elementsIn(elementAt(message, 1, TAG.sequence)), 0, TAG.integer));
  } catch (error) {
    if (error instanceof BerUnreadable) return undefined;
    throw error;
  }
}
