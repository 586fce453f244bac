import {
  BerUnreadable,
  type Element,
  element,
  elementAt,
  elementsIn,
  integer,
  integerIn,
  oid,
  oidIn,
  sequence,
  TAG,
} from './ber.ts';

/** What an agent has to say about one object (RFC 3416 §3). */
export type SnmpValue =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  /** There is no such object, for whoever asks. */
  | { readonly kind: 'missing' };

export interface Pdu {
  readonly tag: number;
  readonly requestId: number;
  /** RFC 3416 §3; 0 is none. */
  readonly error: number;
  readonly name: string;
  readonly value: SnmpValue;
}

const GET = 0xa0;
const RESPONSE = 0xa2;
/** Only in version 3: something is wrong with the question itself. */
export const REPORT = 0xa8;

/** RFC 2578 §7.1. */
const ADDRESS = 0x40;
const UNSIGNED: ReadonlySet<number> = new Set([0x41, 0x42, 0x43, 0x46]);
const MISSING: ReadonlySet<number> = new Set([TAG.null, 0x80, 0x81, 0x82]);
const PRINTABLE = /^[\t\n\r\u0020-\u007e\u00a0-\uffff]*$/;
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

export function getPdu(requestId: number, name: string): Buffer {
  const asked = sequence(sequence(oid(name), element(TAG.null)));
  return element(GET, integer(requestId), integer(0), integer(0), asked);
}

/** Without a name: a question whose answer is not what it asks for. */
export function emptyPdu(requestId: number): Buffer {
  return element(GET, integer(requestId), integer(0), integer(0), sequence());
}

/** Throws `BerUnreadable`. */
export function pduIn({ tag, content }: Element): Pdu {
  if (tag !== RESPONSE && tag !== REPORT) throw new BerUnreadable('This is no answer.');
  const parts = elementsIn(content);
  const [first] = elementsIn(elementAt(parts, 3, TAG.sequence));
  const binding = first === undefined ? [] : elementsIn(first.content);
  const [, found] = binding;
  return {
    tag,
    requestId: integerIn(elementAt(parts, 0, TAG.integer)),
    error: integerIn(elementAt(parts, 1, TAG.integer)),
    name: found === undefined ? '' : oidIn(elementAt(binding, 0, TAG.oid)),
    value: found === undefined ? { kind: 'missing' } : valueIn(found),
  };
}

function valueIn({ tag, content }: Element): SnmpValue {
  if (MISSING.has(tag)) return { kind: 'missing' };
  if (tag === TAG.integer) return { kind: 'number', value: integerIn(content) };
  if (UNSIGNED.has(tag)) return { kind: 'number', value: integerIn(content, false) };
  if (tag === TAG.oid) return { kind: 'text', value: oidIn(content) };
  if (tag === ADDRESS) return { kind: 'text', value: content.join('.') };
  return { kind: 'text', value: textIn(content) };
}

/** As text if it is one, and as bytes in hexadecimal if not. */
function textIn(content: Buffer): string {
  try {
    const text = UTF_8.decode(content);
    if (PRINTABLE.test(text)) return text;
  } catch {
    // Not UTF-8.
  }
  return content.toString('hex');
}
