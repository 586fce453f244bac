import type { Duplex } from 'node:stream';
import {
  argumentsOf,
  encodeFrame,
  encodeMethod,
  FRAME,
  FRAME_BYTES_MAX,
  long,
  longText,
  type MethodId,
  octet,
  PROTOCOL_HEADER,
  short,
  shortText,
  table,
} from './amqp-frames.ts';
import { type Broker, METHOD, readAny, readExpected, STRANGE } from './amqp-methods.ts';
import { readerOf } from './byte-reader.ts';
import { Complaint } from './conversation.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
  readonly vhost: string;
}

export interface QueueDepth {
  /** Ready to be taken, those under way not counted. */
  readonly messages: number;
  readonly consumers: number;
}

/** Whether a broker takes messages. */
export type Takes = 'yes' | 'no' | 'unknown';

/** One conversation with a broker, in the order of its methods. Each throws a `Complaint`, or what the socket throws. */
export interface AmqpClient {
  open(login: Login): Promise<void>;
  openChannel(): Promise<void>;
  /** Looks at a queue without making it. */
  depth(queue: string): Promise<QueueDepth>;
  /**
   * Whether the broker takes messages: it tells only who publishes that it does not, so one goes to `nobody`, a name that
   * no queue has, and is thrown away there. `unknown` where this user may not publish.
   */
  takesMessages(nobody: string): Promise<Takes>;
  /** Whether it has said unasked that it takes none; it may then leave everything else unanswered. */
  isBlocked(): boolean;
  /** Says goodbye and waits for the other side to say it too. */
  close(): Promise<void>;
}

const QUEUES = 1;
const TRIAL = 2;
const PASSIVE = 1;
const BASIC_CLASS = 60;
const SUCCESS = 200;
const CAPABILITIES = { 'connection.blocked': true, authentication_failure_close: true };

export function amqpOver(socket: Duplex): AmqpClient {
  const broker: Broker = { reader: readerOf(socket), isBlocked: false };

  return {
    async open({ user, password, vhost }) {
      socket.write(PROTOCOL_HEADER);
      const start = argumentsOf(await readExpected(broker, METHOD.start));
      start.skip(2);
      start.longText();
      if (!start.longText().split(' ').includes('PLAIN')) throw new Complaint('offers no login with PLAIN');
      const properties = table({ product: 'Evenkeel', capabilities: CAPABILITIES });
      const response = longText(`\u0000${user}\u0000${password}`);
      send(METHOD.startOk, properties, shortText('PLAIN'), response, shortText('en_US'));
      const tune = argumentsOf(await readExpected(broker, METHOD.tune, (code) => loginRefused(code, user)));
      const [channels, frameBytes] = [tune.short(), tune.long()];
      // No heartbeats: the deadline of the check is shorter than they are.
      send(METHOD.tuneOk, short(channels), long(frameBytes === 0 ? FRAME_BYTES_MAX : frameBytes), short(0));
      send(METHOD.open, shortText(vhost), shortText(''), octet(0));
      await readExpected(broker, METHOD.openOk, (code, text) => vhostRefused(code, text, { user, vhost }));
    },
    async openChannel() {
      write(QUEUES, METHOD.channelOpen, shortText(''));
      await readExpected(broker, METHOD.channelOpenOk);
    },
    async depth(queue) {
      write(QUEUES, METHOD.declare, short(0), shortText(queue), octet(PASSIVE), table({}));
      const answer = argumentsOf(await readExpected(broker, METHOD.declareOk, (code) => queueRefused(code, queue)));
      answer.shortText();
      return { messages: answer.long(), consumers: answer.long() };
    },
    async takesMessages(nobody) {
      if (broker.isBlocked) return 'no';
      write(TRIAL, METHOD.channelOpen, shortText(''));
      const opened = await readAny(broker.reader);
      if (opened.id === METHOD.blocked) return 'no';
      if (opened.id !== METHOD.channelOpenOk) throw new Complaint(STRANGE);
      write(TRIAL, METHOD.publish, short(0), shortText(''), shortText(nobody), octet(0));
      const header = Buffer.concat([short(BASIC_CLASS), short(0), Buffer.alloc(8), short(0)]);
      socket.write(encodeFrame({ type: FRAME.header, channel: TRIAL, payload: header }));
      write(TRIAL, METHOD.channelClose, short(SUCCESS), shortText(''), short(0), short(0));
      const { id } = await readAny(broker.reader);
      if (id === METHOD.channelCloseOk) return 'yes';
      return id === METHOD.blocked ? 'no' : 'unknown';
    },
    isBlocked: () => broker.isBlocked,
    async close() {
      send(METHOD.close, short(SUCCESS), shortText(''), short(0), short(0));
      await readExpected(broker, METHOD.closeOk);
    },
  };

  function send(id: MethodId, ...content: readonly Buffer[]): void {
    write(0, id, ...content);
  }

  function write(channel: number, id: MethodId, ...content: readonly Buffer[]): void {
    socket.write(encodeMethod(channel, id, ...content));
  }
}

/** https://www.rabbitmq.com/amqp-0-9-1-reference#constants */
const ACCESS_REFUSED = 403;
const NOT_FOUND = 404;
const RESOURCE_LOCKED = 405;
const NOT_ALLOWED = 530;

function loginRefused(code: number, user: string): string | undefined {
  return code === ACCESS_REFUSED ? `rejects the password for user ${user}` : undefined;
}

function vhostRefused(code: number, text: string, { user, vhost }: Omit<Login, 'password'>): string | undefined {
  const name = JSON.stringify(vhost);
  if (code !== NOT_ALLOWED && code !== ACCESS_REFUSED) return undefined;
  if (text.includes('not found')) return `has no virtual host ${name}`;
  if (text.includes('limit')) return `takes no more connections to the virtual host ${name}`;
  return `does not let user ${user} into the virtual host ${name}`;
}

function queueRefused(code: number, queue: string): string | undefined {
  const name = JSON.stringify(queue);
  if (code === NOT_FOUND) return `has no queue ${name} that can be reached`;
  if (code === RESOURCE_LOCKED) return `keeps the queue ${name} for another connection alone`;
  return code === ACCESS_REFUSED ? `does not let this user look at the queue ${name}` : undefined;
}
