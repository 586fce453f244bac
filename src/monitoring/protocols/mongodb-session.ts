import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { EJSON } from 'bson';
import * as z from 'zod';
import type { ProbeIo } from '../monitor-type.ts';
import { Complaint, type Learned } from './conversation.ts';
import { type Command, commandsOn, notMongo } from './mongodb-wire.ts';
import { prepared, scramClient } from './scram.ts';
import { shown } from './shown.ts';

export interface MongoAsker {
  readonly user: string;
  readonly password: string;
  /** The one that is used, and the one that knows the user. */
  readonly database: string;
  readonly authSource: string;
  /** Undefined for the best that the server offers. */
  readonly mechanism: string | undefined;
  /** The name that the replica set must have; undefined for any. */
  readonly replicaSet: string | undefined;
}

const HELLO_UNKNOWN = 59;
const Hello = z.object({
  ok: z.literal(1),
  isWritablePrimary: z.boolean().optional(),
  ismaster: z.boolean().optional(),
  secondary: z.boolean().optional(),
  arbiterOnly: z.boolean().optional(),
  setName: z.string().optional(),
  primary: z.string().optional(),
  isreplicaset: z.boolean().optional(),
  msg: z.string().optional(),
  saslSupportedMechs: z.array(z.string()).optional(),
});
type Hello = z.output<typeof Hello>;

const Refusal = z.object({ ok: z.literal(0), code: z.number().optional(), errmsg: z.string().optional() });
const Step = z.object({
  ok: z.literal(1),
  conversationId: z.unknown(),
  done: z.boolean(),
  payload: z.instanceof(Uint8Array),
});
const Status = z.object({ ok: z.literal(1), connections: z.object({ current: z.number(), available: z.number() }) });

/** Logs in, pings, and looks at the server and its replica set. Throws a `Complaint`. */
export async function askMongo(socket: Duplex, asker: MongoAsker, { clock, ids }: ProbeIo): Promise<Learned> {
  const command = commandsOn(socket);
  const hello = await greet(command, asker);
  if (asker.user !== '') await logIn(command, asker, mechanismFor(hello, asker), ids.secret(18));
  accept(await command(asker.database, { ping: 1 }), asker, z.object({ ok: z.literal(1) }));
  const answeredAt = clock.ticks();
  judge(hello, asker);
  const readings = connectionsIn(await command('admin', { serverStatus: 1, repl: 0, metrics: 0, locks: 0 }));
  const { saslSupportedMechs: _mechanisms, ...said } = hello;
  return { warnings: [], readings, body: EJSON.stringify(said), answeredAt };
}

async function greet(command: Command, asker: MongoAsker): Promise<Hello> {
  const { user, authSource } = asker;
  const question = user === '' ? {} : { saslSupportedMechs: `${authSource}.${user}` };
  const answer = await command('admin', { hello: 1, ...question });
  const isOld = Refusal.safeParse(answer).data?.code === HELLO_UNKNOWN;
  return accept(isOld ? await command('admin', { isMaster: 1, ...question }) : answer, asker, Hello);
}

/** What a client may do here depends on the set; a lone server and a router are enough by themselves. */
function judge(hello: Hello, { replicaSet }: MongoAsker): void {
  const { setName, primary, msg, isreplicaset } = hello;
  if (isreplicaset === true) throw new Complaint('waits to be made a member of its replica set (rs.initiate)');
  if (replicaSet !== undefined && setName !== replicaSet && msg !== 'isdbgrid') {
    const found = setName === undefined ? 'no replica set' : `the replica set ${shown(setName)}`;
    throw new Complaint(`belongs to ${found}, not to ${shown(replicaSet)}`);
  }
  if (setName === undefined || isPrimary(hello)) return;
  if (!isFollower(hello))
    throw new Complaint('is neither primary nor secondary of its replica set: it starts, or recovers');
  if (primary === undefined) throw new Complaint('knows no primary of its replica set: nothing can be written');
}

function isPrimary({ isWritablePrimary, ismaster }: Hello): boolean {
  return isWritablePrimary === true || ismaster === true;
}

function isFollower({ secondary, arbiterOnly }: Hello): boolean {
  return secondary === true || arbiterOnly === true;
}

type Mechanism = 'SCRAM-SHA-1' | 'SCRAM-SHA-256';

function mechanismFor({ saslSupportedMechs = [] }: Hello, { mechanism }: MongoAsker): Mechanism {
  if (mechanism === 'SCRAM-SHA-1' || mechanism === 'SCRAM-SHA-256') return mechanism;
  if (mechanism !== undefined)
    throw new Complaint(`is asked for a login of the kind ${shown(mechanism)}, which is not known here`);
  return saslSupportedMechs.includes('SCRAM-SHA-256') ? 'SCRAM-SHA-256' : 'SCRAM-SHA-1';
}

/** https://github.com/mongodb/specifications/blob/master/source/auth/auth.md */
async function logIn(command: Command, asker: MongoAsker, mechanism: Mechanism, nonce: string): Promise<void> {
  const { user, password, authSource } = asker;
  const isOld = mechanism === 'SCRAM-SHA-1';
  const digest = () => createHash('md5').update(`${user}:mongo:${password}`).digest('hex');
  const scram = scramClient({
    hash: isOld ? 'sha1' : 'sha256',
    user,
    password: isOld ? digest() : prepared(password),
    nonce,
  });
  const say = async (words: object, payload: string) => {
    const answer = await command(authSource, { ...words, payload: Buffer.from(payload) });
    return accept(answer, asker, Step);
  };
  const begun = await say({ saslStart: 1, mechanism, options: { skipEmptyExchange: true } }, scram.first);
  const { conversationId } = begun;
  const proof = await scram.prove(textOf(begun.payload));
  let step = await say({ saslContinue: 1, conversationId }, proof);
  if (!scram.isProved(textOf(step.payload))) throw new Complaint('cannot prove that it knows the password');
  if (!step.done) step = await say({ saslContinue: 1, conversationId }, '');
  if (!step.done) throw notMongo();
}

function textOf(payload: Uint8Array): string {
  return Buffer.from(payload).toString();
}

/** Who may not ask goes without. */
function connectionsIn(answer: unknown): Readonly<Record<string, number>> {
  const { connections } = Status.safeParse(answer).data ?? {};
  if (connections === undefined) return {};
  const used = connections.current / (connections.current + connections.available);
  return used >= 0 && used <= 1 ? { db_pool: used } : {};
}

/** Codes: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const MEANINGS: ReadonlyMap<number, (asker: MongoAsker) => string> = new Map<number, (asker: MongoAsker) => string>([
  [
    13,
    ({ user }) => (user === '' ? 'asks for a login, and none is set' : `does not let user ${user} do what is asked`),
  ],
  [18, ({ user, authSource }) => `rejected the password of user ${user}, or knows no such user in ${authSource}`],
  [91, () => 'is shutting down'],
  [11_600, () => 'is shutting down'],
  [334, () => 'knows no login of this kind for the user'],
]);

function accept<T>(answer: unknown, asker: MongoAsker, shape: z.ZodType<T>): T {
  const { data, success } = shape.safeParse(answer);
  if (success) return data;
  const refusal = Refusal.safeParse(answer).data;
  if (refusal === undefined) throw notMongo();
  const { code = 0, errmsg = '' } = refusal;
  const known = MEANINGS.get(code)?.(asker);
  if (known !== undefined) throw new Complaint(known);
  // An echo of what was sent must not be shown.
  if (asker.password !== '' && errmsg.includes(asker.password)) throw notMongo();
  throw new Complaint(`answered with the error ${code}: ${shown(errmsg)}`);
}
