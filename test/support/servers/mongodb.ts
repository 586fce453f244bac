import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Binary, type Document, deserialize, serialize } from 'bson';
import { serveTcp, serveTls } from './misbehaving.ts';
import type { Ending } from './server.ts';

export interface MongoOptions {
  /** Demanded of the user `app`; without one everybody may come in. */
  readonly password?: string;
  readonly mechanisms?: readonly ('SCRAM-SHA-1' | 'SCRAM-SHA-256')[];
  /** More of what it says of itself, e.g. of its replica set. */
  readonly hello?: Document;
  /** Knows nothing but the older word for it. */
  readonly isOld?: boolean;
  /** Answers a command in its own way; undefined leaves it to the server. */
  readonly answer?: (command: Document) => Document | undefined;
  readonly tls?: { readonly cert: string; readonly key: string };
}

const MESSAGE = 2013;
const ROUNDS = 4096;

/**
 * What drivers need of a MongoDB server, which no package of Debian brings, after its descriptions: OP_MSG
 * (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/), hello, and SCRAM (RFC 5802).
 */
export function serveMongo(ending: Ending, options: MongoOptions = {}): Promise<number> {
  const greet = (socket: Socket) => {
    const session = sessionOf(options);
    let held = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 16 && held.length >= held.readInt32LE(0)) {
        const end = held.readInt32LE(0);
        const [id, command] = [held.readInt32LE(4), deserialize(held.subarray(21, end), { promoteValues: true })];
        held = held.subarray(end);
        socket.write(mongoMessage(id, options.answer?.(command) ?? session(command)));
      }
    });
  };
  return options.tls === undefined ? serveTcp(ending, greet) : serveTls(ending, options.tls, greet);
}

export function mongoMessage(answers: number, document: Document): Buffer {
  const content = serialize(document);
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + content.length, 0);
  head.writeInt32LE(answers, 8);
  head.writeInt32LE(MESSAGE, 12);
  return Buffer.concat([head, content]);
}

function sessionOf({ password, mechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-1'], hello, isOld = false }: MongoOptions) {
  let isKnown = password === undefined;
  let login: Login | undefined;
  const greet = (command: Document) => ({ ...HELLO, ...hello, ...mechanismsFor(command) });
  const always: Readonly<Record<string, (command: Document) => Document>> = {
    ...(!isOld && { hello: greet }),
    isMaster: greet,
    ping: () => ({ ok: 1 }),
    endSessions: () => ({ ok: 1 }),
    saslStart(command) {
      if (!mechanisms.includes(command['mechanism'])) return refusal(334, 'Unsupported mechanism');
      login = loginOf(command, password ?? '');
      return login.first;
    },
    saslContinue(command) {
      const final = login?.finish(textIn(command['payload'])) ?? refusal(17, 'No SASL session state found');
      isKnown ||= final['ok'] === 1;
      return final;
    },
  };
  return (command: Document): Document => {
    const [name = ''] = Object.keys(command);
    const answer = always[name];
    if (answer !== undefined) return answer(command);
    if (!isKnown && name !== 'hello') return refusal(13, `Command ${name} requires authentication`);
    if (name === 'serverStatus') return { ok: 1, connections: { current: 25, available: 75 } };
    return refusal(59, `no such command: ${name}`);
  };

  function mechanismsFor(command: Document): Document {
    return command['saslSupportedMechs'] === undefined ? {} : { saslSupportedMechs: mechanisms };
  }
}

const HELLO = {
  isWritablePrimary: true,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  logicalSessionTimeoutMinutes: 30,
  minWireVersion: 0,
  maxWireVersion: 21,
  readOnly: false,
  ok: 1,
};

interface Login {
  readonly first: Document;
  readonly finish: (clientFinal: string) => Document;
}

function loginOf({ mechanism, payload }: Document, password: string): Login {
  const hash = mechanism === 'SCRAM-SHA-1' ? 'sha1' : 'sha256';
  const clientFirst = textIn(payload).replace(/^n,,/, '');
  const [, user = '', theirs = ''] = /^n=(?<user>[^,]*),r=(?<theirs>.*)$/.exec(clientFirst) ?? [];
  const secret = hash === 'sha1' ? createHash('md5').update(`${user}:mongo:${password}`).digest('hex') : password;
  const salt = randomBytes(16);
  const nonce = theirs + randomBytes(18).toString('base64');
  const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${ROUNDS}`;
  const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
  const salted = pbkdf2Sync(secret, salt, ROUNDS, hash === 'sha1' ? 20 : 32, hash);
  return {
    first: { conversationId: 1, done: false, payload: Buffer.from(serverFirst), ok: 1 },
    finish(clientFinal) {
      const [, bare = '', proof = ''] = /^(?<bare>c=biws,r=[^,]*),p=(?<proof>.*)$/.exec(clientFinal) ?? [];
      const all = `${clientFirst},${serverFirst},${bare}`;
      const storedKey = createHash(hash).update(hmac(salted, 'Client Key')).digest();
      const signature = hmac(storedKey, all);
      const shownKey = Buffer.from(proof, 'base64').map((byte, index) => byte ^ (signature[index] ?? 0));
      const isRight = user === 'app' && createHash(hash).update(shownKey).digest().equals(storedKey);
      if (!isRight) return refusal(18, 'Authentication failed.');
      const verifier = hmac(hmac(salted, 'Server Key'), all).toString('base64');
      return { conversationId: 1, done: true, payload: Buffer.from(`v=${verifier}`), ok: 1 };
    },
  };
}

function refusal(code: number, errmsg: string): Document {
  return { ok: 0, code, errmsg };
}

function textIn(payload: Binary | Buffer): string {
  return Buffer.from('buffer' in payload && !(payload instanceof Uint8Array) ? payload.buffer : payload).toString();
}
