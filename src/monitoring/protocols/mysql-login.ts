import type { Duplex } from 'node:stream';
import { talkBeforeTls } from './before-tls.ts';
import { readerOf } from './byte-reader.ts';
import { Complaint } from './conversation.ts';
import { notMysql, type Packets, type Parts, packetsOn, partsOf } from './mysql-packets.ts';
import { answerTo, type Challenge, NONCE_BYTES, proofOf } from './mysql-passwords.ts';
import { type Asker, refusalIn } from './mysql-refusals.ts';
import { shown } from './shown.ts';

const VERSION = 10;
const UTF8MB4 = 45;
/** A server may change the method and ask back, but not for ever. */
const ROUNDS_MAX = 8;
/** Its length is told in one byte. */
const PROOF_BYTES_MAX = 250;

const CAN = {
  longPassword: 0x1,
  longFlag: 0x4,
  database: 0x8,
  protocol41: 0x200,
  tls: 0x800,
  transactions: 0x2000,
  secureConnection: 0x8000,
  pluginAuth: 0x8_0000,
};
const NEEDED = CAN.protocol41 + CAN.secureConnection + CAN.pluginAuth;
/** Neither files of this machine nor several statements at once. */
const WANTED = NEEDED + CAN.longPassword + CAN.longFlag + CAN.transactions;

/** How a server introduces itself. */
export interface Greeting {
  readonly version: string;
  readonly capabilities: number;
  readonly nonce: Buffer;
  readonly method: string;
}

/** What is said before TLS; the greeting does not come again. Throws a `Complaint`. */
export async function requestTls(socket: Duplex, asker: Asker): Promise<Greeting> {
  const { promise, resolve } = Promise.withResolvers<Greeting>();
  await talkBeforeTls(socket, async (reader) => {
    const packets = packetsOn(socket, reader);
    const greeting = await greetingFrom(packets, asker);
    if ((greeting.capabilities & CAN.tls) === 0) throw new Complaint('offers no TLS, but its address asks for it');
    packets.send(headOf(asker, CAN.tls));
    resolve(greeting);
  });
  return promise;
}

/** Logs in; the packets that come back are ready for a command. Throws a `Complaint`. */
export async function logIn(socket: Duplex, asker: Asker, greetedBeforeTls?: Greeting): Promise<Packets> {
  const isEncrypted = greetedBeforeTls !== undefined;
  const packets = packetsOn(socket, readerOf(socket), isEncrypted ? 2 : 0);
  const greeting = greetedBeforeTls ?? (await greetingFrom(packets, asker));
  packets.send(answerToGreeting(greeting, asker, isEncrypted));

  let current: Login = { method: greeting.method, nonce: greeting.nonce };
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const parts = partsOf(await packets.next());
    const kind = parts.number(1);
    if (kind === 0x00) return packets;
    if (kind === 0xff) throw refusalIn(parts, asker);
    if (kind === 0xfe) current = changeIn(parts);
    else if (kind !== 0x01) throw notMysql();
    const challenge = { password: asker.password, nonce: current.nonce, isEncrypted };
    const answer =
      kind === 0xfe ? proved(current.method, challenge) : answerTo(parts.rest(), current.method, challenge);
    if (answer !== undefined) packets.send(answer);
  }
  throw notMysql();
}

interface Login {
  readonly method: string;
  readonly nonce: Buffer;
}

/** The server wants another method than the one it began with. */
function changeIn(parts: Parts): Login {
  const method = parts.text();
  return { method, nonce: parts.rest().subarray(0, NONCE_BYTES) };
}

function proved(method: string, challenge: Challenge): Buffer {
  const proof = challenge.nonce.length === NONCE_BYTES ? proofOf(method, challenge) : undefined;
  if (proof !== undefined) return proof;
  if (method === 'mysql_clear_password' && !challenge.isEncrypted)
    throw new Complaint('wants the password in the clear, which is sent over TLS only; write mysqls://');
  throw new Complaint(`wants a login of the method ${shown(method)}, which is not known here`);
}

/** A proof that is not possible at once, the server asks for in its turn. */
function answerToGreeting({ method, nonce }: Greeting, asker: Asker, isEncrypted: boolean): Buffer {
  const { user, password, database } = asker;
  const possible = proofOf(method, { password, nonce, isEncrypted });
  const proof = possible !== undefined && possible.length <= PROOF_BYTES_MAX ? possible : Buffer.alloc(0);
  return Buffer.concat([
    headOf(asker, isEncrypted ? CAN.tls : 0),
    Buffer.from(`${user}\0`),
    Buffer.from([proof.length]),
    proof,
    Buffer.from(database === '' ? '' : `${database}\0`),
    Buffer.from(`${method}\0`),
  ]);
}

/** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_v10.html */
async function greetingFrom(packets: Packets, asker: Asker): Promise<Greeting> {
  const parts = partsOf(await packets.next());
  const kind = parts.number(1);
  if (kind === 0xff) throw refusalIn(parts, asker);
  if (kind !== VERSION) throw notMysql();
  const version = parts.text();
  parts.bytes(4);
  const begin = parts.bytes(8);
  parts.bytes(1);
  const low = parts.number(2);
  parts.bytes(3);
  const capabilities = low + parts.number(2) * 0x1_0000;
  if ((capabilities & NEEDED) !== NEEDED) throw notMysql();
  const length = parts.number(1);
  parts.bytes(10);
  const end = parts.bytes(Math.max(13, length - 8));
  const nonce = Buffer.concat([begin, end]).subarray(0, NONCE_BYTES);
  return { version, capabilities, nonce, method: parts.text() };
}

/** How every answer to the greeting begins; all of it when only TLS is asked for. */
function headOf({ database }: Asker, more: number): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32LE(WANTED + more + (database === '' ? 0 : CAN.database), 0);
  head.writeUInt32LE(0xff_ffff, 4);
  head.writeUInt8(UTF8MB4, 8);
  return head;
}
