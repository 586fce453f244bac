import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { requireProgram } from './install.ts';
import { serveTcp } from './misbehaving.ts';
import { type Ending, serverFolder, startServer } from './server.ts';

export interface KafkaOptions {
  /** By name, the partitions of each: how many copies there are and are in sync, and whether there is a leader. */
  readonly topics?: Readonly<Record<string, readonly FakePartition[]>>;
  readonly controller?: number;
  readonly login?: { readonly mechanism: string; readonly user: string; readonly password: string };
  /** Topics that this user may not see. */
  readonly hidden?: readonly string[];
}

export interface FakePartition {
  readonly copies: number;
  readonly inSync: number;
  readonly leader: number;
}

/**
 * A broker that speaks the protocol as https://kafka.apache.org/protocol lays down: ApiVersions 0, Metadata 4,
 * SaslHandshake 1 and SaslAuthenticate 0. librdkafka takes it for a real one.
 */
export async function serveKafka(ending: Ending, options: KafkaOptions): Promise<number> {
  const port = await serveTcp(ending, (socket) => {
    let held = Buffer.alloc(0);
    const session = { isKnown: options.login === undefined, scram: undefined as Scram | undefined };
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 4 && held.length >= 4 + held.readInt32BE(0)) {
        const request = held.subarray(4, 4 + held.readInt32BE(0));
        held = held.subarray(4 + request.length);
        answer(socket, request, { options, session, port });
      }
    });
  });
  return port;
}

interface Scram {
  readonly first: string;
  readonly challenge: string;
}

interface Context {
  readonly options: KafkaOptions;
  readonly session: { isKnown: boolean; scram: Scram | undefined };
  readonly port: number;
}

function answer(socket: Socket, request: Buffer, context: Context): void {
  const [key, version] = [request.readInt16BE(0), request.readInt16BE(2)];
  const nameLength = Math.max(0, request.readInt16BE(8));
  const body = request.subarray(10 + nameLength);
  const content = contentFor(key, version, body, context);
  // A listener that wants a login hangs up on whoever asks for something else first.
  if (content === undefined) return void socket.end();
  socket.write(Buffer.concat([int32(content.length + 4), request.subarray(4, 8), content]));
}

function contentFor(key: number, version: number, body: Buffer, context: Context): Buffer | undefined {
  const { options, session, port } = context;
  if (key === 18) return apiVersions(version === 0 ? 0 : 35);
  if (key === 17) return handshake(text(body), options);
  if (key === 36) return authenticate(body.subarray(4).toString(), context);
  return key === 3 && version === 4 && session.isKnown ? metadata(body, options, port) : undefined;
}

const APIS = [
  [3, 4, 4],
  [17, 0, 1],
  [18, 0, 0],
  [36, 0, 0],
];

function apiVersions(error: number): Buffer {
  return Buffer.concat([
    int16(error),
    array(APIS.map((numbers) => Buffer.concat(numbers.map((number) => int16(number))))),
  ]);
}

function handshake(mechanism: string, { login }: KafkaOptions): Buffer {
  const isOffered = mechanism === login?.mechanism;
  return Buffer.concat([int16(isOffered ? 0 : 33), array([string(login?.mechanism ?? '')])]);
}

const NOBODY = { mechanism: '', user: '', password: '' };

function authenticate(said: string, { options, session }: Context): Buffer {
  const { mechanism, user, password } = options.login ?? NOBODY;
  if (mechanism === 'PLAIN') return admit(said === `\u0000${user}\u0000${password}`, '', session);
  const hash = mechanism === 'SCRAM-SHA-512' ? 'sha512' : 'sha256';
  if (session.scram === undefined) {
    session.scram = challengeFor(said);
    return Buffer.concat([int16(0), int16(-1), bytes(session.scram.challenge)]);
  }
  const proof = proofs(hash, password, session.scram, said);
  const isRight = said.endsWith(`,p=${proof.client}`) && session.scram.first.startsWith(`n=${user},`);
  return admit(isRight, `v=${proof.server}`, session);
}

function challengeFor(said: string): Scram {
  const [, nonce] = /r=(?<nonce>[^,]+)/.exec(said) ?? [];
  const salt = Buffer.from('salt').toString('base64');
  return { first: said.replace(/^n,,/, ''), challenge: `r=${nonce}server,s=${salt},i=4096` };
}

/** RFC 5802 §3, from the side of the server. */
function proofs(hash: 'sha256' | 'sha512', password: string, { first, challenge }: Scram, said: string) {
  const size = hash === 'sha512' ? 64 : 32;
  const salted = pbkdf2Sync(password, 'salt', 4096, size, hash);
  const sign = (key: Buffer, message: string) => createHmac(hash, key).update(message).digest();
  const message = [first, challenge, said.replace(/,p=.*$/, '')].join(',');
  const clientKey = sign(salted, 'Client Key');
  const signature = sign(createHash(hash).update(clientKey).digest(), message);
  const client = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
  return { client: client.toString('base64'), server: sign(sign(salted, 'Server Key'), message).toString('base64') };
}

function admit(isRight: boolean, last: string, session: Context['session']): Buffer {
  session.isKnown = isRight;
  return isRight
    ? Buffer.concat([int16(0), int16(-1), bytes(last)])
    : Buffer.concat([int16(58), string('hush'), bytes('')]);
}

function metadata(body: Buffer, { topics = {}, controller = 1, hidden = [] }: KafkaOptions, port: number): Buffer {
  const count = body.readInt32BE(0);
  const names = count < 0 ? Object.keys(topics) : namesIn(body.subarray(4), count);
  // As a broker that is left as it was installed does: whoever asks for a topic without saying no makes it.
  const isMade = body.at(-1) === 1;
  const broker = Buffer.concat([int32(1), string('127.0.0.1'), int32(port), int16(-1)]);
  const told = names.map((name) => {
    const partitions = topics[name] ?? (isMade ? [{ copies: 1, inSync: 1, leader: 1 }] : undefined);
    if (hidden.includes(name)) return topicOf(29, name, []);
    return partitions === undefined ? topicOf(3, name, []) : topicOf(0, name, partitions);
  });
  return Buffer.concat([int32(0), array([broker]), string('cluster'), int32(controller), array(told)]);
}

function topicOf(error: number, name: string, partitions: readonly FakePartition[]): Buffer {
  return Buffer.concat([int16(error), string(name), Buffer.from([0]), array(partitions.map(partition))]);
}

function namesIn(body: Buffer, count: number): readonly string[] {
  const names: string[] = [];
  for (let rest = body; names.length < count; rest = rest.subarray(2 + rest.readInt16BE(0))) names.push(text(rest));
  return names;
}

function partition({ copies, inSync, leader }: FakePartition, index: number): Buffer {
  const nodes = (length: number) => array(Array.from({ length }, (_, node) => int32(node + 1)));
  return Buffer.concat([int16(leader < 0 ? 5 : 0), int32(index), int32(leader), nodes(copies), nodes(inSync)]);
}

/** The brokers that librdkafka brings along for tests of its own, with one topic of four partitions. */
export async function startLibrdkafka(ending: Ending, topic: string): Promise<readonly string[]> {
  const program = requireProgram({ name: 'kcat', packages: ['kcat'] });
  const folder = serverFolder('kcat');
  let brokers: readonly string[] = [];
  const server = await startServer({
    folder,
    program,
    argv: ['-C', '-E', '-u', '-b', 'unused', '-t', topic, '-X', 'test.mock.num.brokers=2', '-d', 'mock'],
    signal: 'SIGKILL',
    isReady: async () => {
      const log = readFileSync(path.join(folder, 'server.log'), 'utf8');
      brokers = /bootstrap\.servers=(?<brokers>\S+)/.exec(log)?.groups?.['brokers']?.split(',') ?? [];
      return log.includes(`Created topic "${topic}"`);
    },
  });
  ending.after(() => server.stop());
  return brokers;
}

function text(body: Buffer): string {
  return body.subarray(2, 2 + body.readInt16BE(0)).toString();
}

function int16(value: number): Buffer {
  const all = Buffer.alloc(2);
  all.writeInt16BE(value);
  return all;
}

function int32(value: number): Buffer {
  const all = Buffer.alloc(4);
  all.writeInt32BE(value);
  return all;
}

function string(value: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(value)), Buffer.from(value)]);
}

function bytes(value: string): Buffer {
  return Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]);
}

function array(items: readonly Buffer[]): Buffer {
  return Buffer.concat([int32(items.length), ...items]);
}
