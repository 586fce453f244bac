import { constants, createHash, generateKeyPairSync, privateDecrypt, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { serveTcp } from './misbehaving.ts';
import type { Ending } from './server.ts';

export interface Sha2Options {
  readonly password: string;
  /** Whether the server remembers the password from an earlier login, and needs no more than a proof of it. */
  readonly isRemembered: boolean;
  /** Introduces itself with another method, and changes to this one then, as a user of MySQL 8 may have it. */
  readonly isSwitched?: boolean;
  /** Goes on in TLS only. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

const METHOD = 'caching_sha2_password';
const CAPABILITIES = 0x8_a20f;
const CAN_TLS = 0x800;
const TLS_REQUEST_BYTES = 36;
const OK = Buffer.from([0, 0, 0, 2, 0, 0, 0]);
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/**
 * The login of MySQL 8, which no package of Debian brings, after its description:
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html
 * Every command is answered with OK.
 */
export function serveSha2(ending: Ending, options: Sha2Options): Promise<number> {
  const { tls, isSwitched = false } = options;
  return serveTcp(ending, (socket) => {
    const nonce = Buffer.from(randomBytes(20).map((byte) => (byte % 127) + 1));
    const steps = loginSteps(nonce, options);
    send(socket, 0, greeting(isSwitched ? Buffer.alloc(20, 7) : nonce, options));
    if (tls === undefined) return converse(socket, steps);
    // The first packet asks for TLS, and nothing else; what follows it is TLS already.
    socket.once('readable', () => {
      socket.read(TLS_REQUEST_BYTES);
      const secure = new TLSSocket(socket, { ...tls, isServer: true });
      secure.on('error', () => undefined);
      converse(secure, steps);
    });
  });
}

function converse(socket: Socket, steps: Step[]): void {
  let held = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 4 && held.length >= 4 + held.readUIntLE(0, 3)) {
      const end = 4 + held.readUIntLE(0, 3);
      const [sequence, content] = [held.readUInt8(3), held.subarray(4, end)];
      held = held.subarray(end);
      const answers = steps.shift()?.(content) ?? [OK];
      for (const [index, answer] of answers.entries()) send(socket, sequence + 1 + index, answer);
    }
  });
}

type Step = (content: Buffer) => readonly Buffer[];

function loginSteps(nonce: Buffer, { password, isRemembered, isSwitched = false, tls }: Sha2Options): Step[] {
  const verdict = (isRight: boolean) => (isRight ? [OK] : [denied()]);
  const remember: Step[] = [
    (content) => {
      if (!content.includes(proof(password, nonce))) return [denied()];
      return isRemembered ? [Buffer.from([1, 3]), OK] : [Buffer.from([1, 4])];
    },
  ];
  const ask: Step[] = [
    (content) => (content.equals(Buffer.from([2])) ? [Buffer.from([1, ...publicKeyBytes()])] : [denied()]),
    (content) => verdict(decrypted(content, nonce) === password),
  ];
  const hear: Step[] = [(content) => verdict(content.equals(Buffer.from(`${password}\0`)))];
  const change: Step[] = [() => [Buffer.concat([Buffer.from([0xfe]), Buffer.from(`${METHOD}\0`), nonce, ZERO])]];
  return [...(isSwitched ? change : []), ...remember, ...(isRemembered ? [] : tls === undefined ? ask : hear)];
}

const ZERO = Buffer.alloc(1);

function greeting(nonce: Buffer, { isSwitched = false, tls }: Sha2Options): Buffer {
  const capabilities = CAPABILITIES + (tls === undefined ? 0 : CAN_TLS);
  const [low, high] = [Buffer.alloc(2), Buffer.alloc(2)];
  low.writeUInt16LE(capabilities & 0xffff);
  high.writeUInt16LE(capabilities >>> 16);
  const method = isSwitched ? 'mysql_native_password' : METHOD;
  return Buffer.concat([
    Buffer.from('\u000a8.4.0\0'),
    Buffer.alloc(4),
    nonce.subarray(0, 8),
    ZERO,
    low,
    Buffer.from([255, 2, 0]),
    high,
    Buffer.from([21]),
    Buffer.alloc(10),
    nonce.subarray(8),
    ZERO,
    Buffer.from(`${method}\0`),
  ]);
}

function proof(password: string, nonce: Buffer): Buffer {
  const once = sha256(Buffer.from(password));
  const mask = sha256(Buffer.concat([sha256(once), nonce]));
  return Buffer.from(once.map((byte, index) => byte ^ (mask[index] ?? 0)));
}

function decrypted(content: Buffer, nonce: Buffer): string {
  const mixed = privateDecrypt({ key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING }, content);
  const clear = Buffer.from(mixed.map((byte, index) => byte ^ (nonce[index % nonce.length] ?? 0)));
  return clear.toString().replace(/\0$/, '');
}

function publicKeyBytes(): Buffer {
  return Buffer.from(publicKey.export({ type: 'spki', format: 'pem' }));
}

function denied(): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0x15, 0x04]), Buffer.from('#28000Access denied')]);
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function send(socket: Socket, sequence: number, content: Buffer): void {
  const header = Buffer.alloc(4);
  header.writeUIntLE(content.length, 0, 3);
  header.writeUInt8(sequence % 256, 3);
  socket.write(Buffer.concat([header, content]));
}
