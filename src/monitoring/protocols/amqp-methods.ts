import { argumentsOf, type Method, type MethodId, readMethod } from './amqp-frames.ts';
import type { ByteReader } from './byte-reader.ts';
import { Complaint } from './conversation.ts';

export const METHOD = {
  start: '10.10',
  startOk: '10.11',
  tune: '10.30',
  tuneOk: '10.31',
  open: '10.40',
  openOk: '10.41',
  close: '10.50',
  closeOk: '10.51',
  blocked: '10.60',
  unblocked: '10.61',
  channelOpen: '20.10',
  channelOpenOk: '20.11',
  channelClose: '20.40',
  channelCloseOk: '20.41',
  declare: '50.10',
  declareOk: '50.11',
  publish: '60.40',
} as const satisfies Record<string, MethodId>;

/** Notices that nobody asked for; more of them than this keep us busy. */
const NOTICES_MAX = 100;
export const STRANGE = 'does not answer as AMQP 0-9-1 lays down';
/** https://www.rabbitmq.com/amqp-0-9-1-reference#constants */
const CONNECTION_FORCED = 320;

/** The other side of a conversation. */
export interface Broker {
  readonly reader: ByteReader;
  /** As its notices last said: it takes no messages, and may read nothing more either. */
  isBlocked: boolean;
}

/** What a refusal means at this point, by its code, and by its text where one code means several things. */
export type Meaning = (code: number, text: string) => string | undefined;

/** Whatever comes next, but the end of the connection: that is thrown as a `Complaint`. */
export async function readAny(reader: ByteReader): Promise<Method> {
  const method = await readMethod(reader);
  if (method.id !== METHOD.close) return method;
  throw new Complaint(closedWith(argumentsOf(method).short()));
}

/** The answer that has to come. Throws a `Complaint` when another comes, or a refusal. */
export async function readExpected(broker: Broker, id: MethodId, meaning?: Meaning): Promise<Method> {
  for (let notices = 0; notices < NOTICES_MAX; notices += 1) {
    const method = await readMethod(broker.reader);
    if (method.id === id) return method;
    if (method.id === METHOD.close || method.id === METHOD.channelClose) {
      const reason = argumentsOf(method);
      const [code, text] = [reason.short(), reason.shortText()];
      throw new Complaint(meaning?.(code, text) ?? closedWith(code));
    }
    // That publishers have to wait may be told at any time.
    if (method.id !== METHOD.blocked && method.id !== METHOD.unblocked) break;
    broker.isBlocked = method.id === METHOD.blocked;
  }
  throw new Complaint(STRANGE);
}

function closedWith(code: number): string {
  return code === CONNECTION_FORCED ? 'is shutting down' : `ended the conversation with the AMQP error ${code}`;
}
