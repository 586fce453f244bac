import type { Duplex } from 'node:stream';
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
  wholeLength,
} from './ber.ts';
import { type ByteReader, readerOf } from './byte-reader.ts';

/** It does not answer as RFC 4511 has it. */
export class LdapUnreadable extends Error {}

/** The answers are result codes (RFC 4511, appendix A). All of it throws `LdapUnreadable`, or what the socket throws. */
export interface LdapClient {
  /** Who we are; both empty for nobody in particular. */
  bind(name: string, password: string): Promise<number>;
  /** Whether there is an entry of this name: code 0 or, as a rule, 32. */
  exists(base: string): Promise<number>;
  unbind(): void;
}

const BIND = { request: 0x60, response: 0x61 } as const;
const SEARCH = { request: 0x63, done: 0x65 } as const;
const UNBIND = 0x42;
const NOTICE = 0x78;
const VERSION = 3;
const SIMPLE = 0x80;
const PRESENT = 0x87;
const BOOLEAN = 0x01;
/** No attribute at all (RFC 4511 §4.5.1.8). */
const NO_ATTRIBUTES = '1.1';
const MESSAGE_BYTES_MAX = 64 * 1024;
const MESSAGES_MAX = 100;
/** A tag and a length of up to four bytes. */
const HEAD_BYTES_MAX = 6;

export function ldapOver(socket: Duplex): LdapClient {
  const reader = readerOf(socket);
  let id = 0;

  return {
    bind: (name, password) =>
      ask(BIND.response, element(BIND.request, integer(VERSION), octets(name), octets(password, SIMPLE))),
    exists: (base) => ask(SEARCH.done, searchFor(base)),
    unbind: () => void socket.write(sequence(integer(id + 1), element(UNBIND))),
  };

  async function ask(response: number, request: Buffer): Promise<number> {
    id += 1;
    socket.write(sequence(integer(id), request));
    try {
      return await answerTo(reader, id, response);
    } catch (cause) {
      if (cause instanceof BerUnreadable) throw new LdapUnreadable('does not answer as LDAP does.', { cause });
      throw cause;
    }
  }
}

/** Only the entry itself, its existence and nothing it holds. */
function searchFor(base: string): Buffer {
  const [baseOnly, neverFollow] = [integer(0, TAG.enumerated), integer(0, TAG.enumerated)];
  const limits = [integer(1), integer(0), element(BOOLEAN, Buffer.from([0xff]))];
  const anyEntry = octets('objectClass', PRESENT);
  return element(
    SEARCH.request,
    octets(base),
    baseOnly,
    neverFollow,
    ...limits,
    anyEntry,
    sequence(octets(NO_ATTRIBUTES)),
  );
}

/** What was found comes before the result, and is passed over. */
async function answerTo(reader: ByteReader, id: number, response: number): Promise<number> {
  for (let messages = 0; messages < MESSAGES_MAX; messages += 1) {
    const message = elementsIn(elementAt(elementsIn(await messageFrom(reader)), 0, TAG.sequence));
    const operation: Element | undefined = message[1];
    if (operation?.tag === NOTICE) return resultIn(operation.content);
    if (integerIn(elementAt(message, 0, TAG.integer)) !== id) throw new LdapUnreadable('answers what nobody asked.');
    if (operation?.tag === response) return resultIn(operation.content);
  }
  throw new LdapUnreadable('does not come to an end with its answer.');
}

function resultIn(content: Buffer): number {
  return integerIn(elementAt(elementsIn(content), 0, TAG.enumerated));
}

async function messageFrom(reader: ByteReader): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  for (let length = wholeLength(head); length === undefined; length = wholeLength(head)) {
    const more = head.length < HEAD_BYTES_MAX ? await reader.exactly(1) : undefined;
    if (more === undefined) throw new LdapUnreadable('closed the connection without an answer.');
    head = Buffer.concat([head, more]);
    if (head[0] !== TAG.sequence) throw new LdapUnreadable('does not answer as LDAP does.');
  }
  const length = wholeLength(head) ?? 0;
  if (length > MESSAGE_BYTES_MAX) throw new LdapUnreadable('does not answer as LDAP does.');
  const body = await reader.exactly(length - head.length);
  if (body === undefined) throw new LdapUnreadable('closed the connection in the middle of its answer.');
  return Buffer.concat([head, body]);
}
