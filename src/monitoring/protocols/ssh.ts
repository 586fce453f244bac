import { createECDH, createHash, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { type ByteReader, readerOf } from './byte-reader.ts';
import { fingerprintOf, isSignedBy } from './ssh-host-key.ts';
import { fieldsOf, mpint, packet, SshUnreadable, text, uint32 } from './ssh-wire.ts';

export interface SshServer {
  /** What it calls itself, e.g. `OpenSSH_9.2p1 Debian-2`. */
  readonly software: string;
  /** It would also speak SSH 1, which anybody can read. */
  readonly speaksSsh1: boolean;
  /** Its host key, as `ssh-keygen -l` prints it; null where it offers no way to prove that it is its own. */
  readonly fingerprint: string | null;
  /** The ways to sign that it offers. */
  readonly keyAlgorithms: readonly string[];
}

const OURS = 'SSH-2.0-Evenkeel';
/** RFC 4253 §4.2. */
const LINE_BYTES_MAX = 255;
const LINES_MAX = 50;
/** RFC 4253 §6.1. */
const PACKET_BYTES_MAX = 35_000;
const PACKETS_MAX = 50;
const SHOWN_CHARS_MAX = 80;
const DISCONNECT = 1;
const IGNORED: ReadonlySet<number> = new Set([2, 3, 4]);
const KEXINIT = 20;
const KEX_ECDH_INIT = 30;
const KEX_ECDH_REPLY = 31;
const BY_APPLICATION = 11;
const CURVE_25519 = ['curve25519-sha256', 'curve25519-sha256@libssh.org'] as const;
const EXCHANGES = [...CURVE_25519, 'ecdh-sha2-nistp256'];
/** Never used, for nothing is said after the keys are exchanged; but both sides have to agree on them. */
const CIPHERS = ['aes128-ctr', 'aes256-ctr', 'aes256-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes128-cbc'];
const MACS = ['hmac-sha2-256', 'hmac-sha2-512', 'hmac-sha2-256-etm@openssh.com', 'hmac-sha1'];

export interface SshQuestion {
  /** 16 bytes of chance. */
  readonly cookie: Uint8Array;
  /** The ways to sign that will do, the best first. */
  readonly keyAlgorithms: readonly string[];
}

/** Greets a server and has it prove which host key it has. Throws `SshUnreadable`, or what the socket throws. */
export async function lookAtSsh(socket: Duplex, question: SshQuestion): Promise<SshServer> {
  const { keyAlgorithms } = question;
  const reader = readerOf(socket);
  socket.write(`${OURS}\r\n`);
  const theirs = await banner(reader);
  const [, version = '', software = ''] = /^SSH-(?<version>[^-]+)-(?<software>.*)$/.exec(theirs) ?? [];
  if (version !== '2.0' && version !== '1.99') throw new SshUnreadable(`speaks no SSH 2, but ${shown(theirs)}.`);

  const ourInit = kexInit(question);
  socket.write(packet(ourInit));
  const theirInit = await message(reader, KEXINIT);
  const offered = offersIn(theirInit);
  const exchange = EXCHANGES.find((each) => offered.exchanges.includes(each));
  const canProve = exchange !== undefined && keyAlgorithms.some((each) => offered.keyAlgorithms.includes(each));
  const server = { software, speaksSsh1: version === '1.99', keyAlgorithms: offered.keyAlgorithms };
  if (!canProve) return { ...server, fingerprint: null };

  const share = shareFor(exchange);
  socket.write(packet(Buffer.concat([Buffer.from([KEX_ECDH_INIT]), text(share.mine)])));
  const answer = fieldsOf((await message(reader, KEX_ECDH_REPLY)).subarray(1));
  const [hostKey, yours, signature] = [answer.text(), answer.text(), answer.text()];
  const spoken = [OURS, theirs, ourInit, theirInit, hostKey, share.mine, yours].map((each) => text(each));
  const hash = createHash('sha256')
    .update(Buffer.concat([...spoken, mpint(share.secretWith(yours))]))
    .digest();
  if (!isSignedBy(hostKey, signature, hash)) throw new SshUnreadable('cannot prove that its host key is its own.');
  const goodbye = [Buffer.from([DISCONNECT]), uint32(BY_APPLICATION), text('Goodbye.'), text('')];
  socket.write(packet(Buffer.concat(goodbye)));
  return { ...server, fingerprint: fingerprintOf(hostKey) };
}

/** It may say other things first. */
async function banner(reader: ByteReader): Promise<string> {
  let said = '';
  for (let lines = 0; lines < LINES_MAX; lines += 1) {
    const line = await reader.until('\n', LINE_BYTES_MAX);
    if (line === undefined) break;
    said = line.toString('latin1').replace(/\r$/, '');
    if (said.startsWith('SSH-')) return said;
  }
  throw new SshUnreadable(
    said === '' ? 'sends no greeting as SSH has it.' : `greets with ${shown(said)}, not with SSH.`,
  );
}

/** The payload of the next message that matters; it has to be this one. */
async function message(reader: ByteReader, expected: number): Promise<Buffer> {
  for (let packets = 0; packets < PACKETS_MAX; packets += 1) {
    const payload = await payloadFrom(reader);
    const [kind] = payload;
    if (kind === expected) return payload;
    if (kind === DISCONNECT) throw new SshUnreadable(`hung up: ${goodbyeIn(payload)}.`);
    if (kind === undefined || !IGNORED.has(kind)) throw new SshUnreadable('does not exchange keys as SSH has it.');
  }
  throw new SshUnreadable('does not exchange keys as SSH has it.');
}

async function payloadFrom(reader: ByteReader): Promise<Buffer> {
  const length = (await reader.exactly(4))?.readUInt32BE();
  if (length === undefined) throw new SshUnreadable('closed the connection before it showed its host key.');
  if (length > PACKET_BYTES_MAX || length < 2) throw new SshUnreadable('sends a message longer than SSH has any.');
  const body = await reader.exactly(length);
  if (body === undefined) throw new SshUnreadable('sends a message of SSH that ends too soon.');
  const end = body.length - (body[0] ?? 0);
  if (end < 2) throw new SshUnreadable('sends a message of SSH that has nothing in it.');
  return body.subarray(1, end);
}

function goodbyeIn(payload: Buffer): string {
  const fields = fieldsOf(payload.subarray(1));
  fields.uint32();
  return shown(fields.text().toString());
}

/** RFC 4253 §7.1. */
function kexInit({ cookie, keyAlgorithms }: SshQuestion): Buffer {
  const lists = [EXCHANGES, keyAlgorithms, CIPHERS, CIPHERS, MACS, MACS, ['none'], ['none'], [], []];
  const named = lists.map((names) => text(names.join(',')));
  return Buffer.concat([Buffer.from([KEXINIT]), cookie, ...named, Buffer.from([0]), uint32(0)]);
}

function offersIn(init: Buffer): { readonly exchanges: readonly string[]; readonly keyAlgorithms: readonly string[] } {
  const fields = fieldsOf(init);
  fields.skip(17);
  const names = () => fields.text().toString('latin1').split(',');
  return { exchanges: names(), keyAlgorithms: names() };
}

/** Our half of the secret, and the whole once theirs is there (RFC 8731, RFC 5656 §4). */
interface Share {
  readonly mine: Buffer;
  readonly secretWith: (yours: Buffer) => Buffer;
}

function shareFor(exchange: string): Share {
  return exchange === 'ecdh-sha2-nistp256' ? shareOnP256() : shareOn25519();
}

function shareOnP256(): Share {
  const ecdh = createECDH('prime256v1');
  const mine = ecdh.generateKeys();
  return { mine, secretWith: (yours) => computed(() => ecdh.computeSecret(yours)) };
}

function shareOn25519(): Share {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const mine = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const secretWith = (yours: Buffer) =>
    computed(() => {
      const jwk = { kty: 'OKP', crv: 'X25519', x: yours.toString('base64url') };
      return diffieHellman({ privateKey, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) });
    });
  return { mine, secretWith };
}

function computed(compute: () => Buffer): Buffer {
  try {
    return compute();
  } catch (cause) {
    throw new SshUnreadable('does not exchange keys as SSH has it.', { cause });
  }
}

function shown(said: string): string {
  return JSON.stringify(said.slice(0, SHOWN_CHARS_MAX));
}
