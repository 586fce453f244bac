import { readName, type Window, writeName } from './dns-names.ts';
import { RECORD_TYPES, type RecordType, readData } from './dns-records.ts';

/** The message is not what RFC 1035 says it is. */
export class DnsUnreadable extends Error {}

export interface Question {
  readonly id: number;
  /** Without the dot at its end. */
  readonly name: string;
  readonly type: RecordType;
  /** Whether to ask for proof as well (DNSSEC, RFC 4035). */
  readonly isProofWanted?: boolean;
}

export interface DnsAnswer {
  /** `NOERROR`, `NXDOMAIN` …, as IANA names them. */
  readonly rcode: string;
  /** More was to be said than fits into a datagram. */
  readonly isTruncated: boolean;
  /** What the records of the type asked for say, as in a zone file; in order, so that two looks can be compared. */
  readonly answers: readonly string[];
  /** The server verified the signatures itself, or is the one that knows and sends them (DNSSEC). */
  readonly isProven: boolean;
}

const HEAD_BYTES = 12;
const RESPONSE = 0x8000;
const TRUNCATED = 0x0200;
const AUTHORITATIVE = 0x0400;
const RECURSION_DESIRED = 0x0100;
const AUTHENTIC = 0x0020;
const OPCODE = 0x7800;
const INTERNET = 1;
/** RFC 6891; the size that no network cuts in pieces (dnsflagday.net/2020). */
const EDNS = Buffer.from([0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0]);
/** Where EDNS says that signatures are wanted (RFC 3225 §3), and what is said there. */
const DNSSEC_OK_AT = 7;
const DNSSEC_OK = 0x80;
const SIGNATURE = 46;
const RECORDS_MAX = 1_000;
const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET'];

export function encodeQuestion({ id, name, type, isProofWanted = false }: Question): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(RECURSION_DESIRED | (isProofWanted ? AUTHENTIC : 0), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(1, 10);
  const tail = Buffer.alloc(4);
  tail.writeUInt16BE(RECORD_TYPES[type], 0);
  tail.writeUInt16BE(INTERNET, 2);
  const edns = Buffer.from(EDNS);
  if (isProofWanted) edns.writeUInt8(DNSSEC_OK, DNSSEC_OK_AT);
  return Buffer.concat([head, writeName(name), tail, edns]);
}

/** Whether this is an answer to that question and no other. A server that did not even read it repeats none. */
export function isAnswerTo(question: Question, bytes: Uint8Array): boolean {
  const message = Buffer.from(bytes);
  if (message.length < HEAD_BYTES || message.readUInt16BE(0) !== question.id) return false;
  const flags = message.readUInt16BE(2);
  if ((flags & RESPONSE) === 0 || (flags & OPCODE) !== 0) return false;
  if (message.readUInt16BE(4) === 0) return (flags & 0x0f) !== 0;
  return message.readUInt16BE(4) === 1 && repeats(question, { message, at: HEAD_BYTES });
}

/** Throws `DnsUnreadable`, and nothing else. */
export function decodeAnswer(bytes: Uint8Array, type: RecordType): DnsAnswer {
  const message = Buffer.from(bytes);
  try {
    const flags = message.readUInt16BE(2);
    const isTruncated = (flags & TRUNCATED) !== 0;
    const rcode = RCODES[flags & 0x0f] ?? `RCODE${flags & 0x0f}`;
    const { answers, isSigned } = isTruncated ? NOTHING : answersIn(message, type);
    const isProven = (flags & AUTHENTIC) !== 0 || ((flags & AUTHORITATIVE) !== 0 && isSigned);
    return { rcode, isTruncated, answers: answers.toSorted(), isProven };
  } catch (cause) {
    throw new DnsUnreadable('The answer cannot be read.', { cause });
  }
}

interface Found {
  readonly answers: readonly string[];
  /** Signatures over records of this type came with them. */
  readonly isSigned: boolean;
}

const NOTHING: Found = { answers: [], isSigned: false };

function answersIn(message: Buffer, type: RecordType): Found {
  const window: Window = { message, at: HEAD_BYTES };
  for (let left = message.readUInt16BE(4); left > 0; left -= 1) {
    readName(window);
    window.at += 4;
  }
  const answers: string[] = [];
  let isSigned = false;
  for (let left = Math.min(message.readUInt16BE(6), RECORDS_MAX); left > 0; left -= 1) {
    readName(window);
    const found = message.readUInt16BE(window.at);
    const length = message.readUInt16BE(window.at + 8);
    window.at += 10;
    const end = window.at + length;
    if (end > message.length) throw new RangeError('A record goes beyond the end.');
    if (found === RECORD_TYPES[type]) answers.push(readData(type, { message, at: window.at }, end));
    // A signature begins with the type of the records it is over (RFC 4034 §3.1).
    if (found === SIGNATURE && message.readUInt16BE(window.at) === RECORD_TYPES[type]) isSigned = true;
    window.at = end;
  }
  return { answers, isSigned };
}

function repeats({ name, type }: Question, window: Window): boolean {
  try {
    const isSameName = readName(window) === name.toLowerCase();
    return isSameName && window.message.readUInt16BE(window.at) === RECORD_TYPES[type];
  } catch {
    return false;
  }
}
