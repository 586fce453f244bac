import type { Duplex } from 'node:stream';
import type { ByteReader } from './byte-reader.ts';
import { Complaint } from './conversation.ts';
import { shown } from './shown.ts';

/** One conversation with a mail server (RFC 3501, RFC 9051). Each throws a `Complaint`, or what the socket throws. */
export interface ImapClient {
  /** Waits for the greeting. Whether the server takes us for somebody already. */
  greeted(): Promise<boolean>;
  /** What the server can do, in capitals. */
  capabilities(): Promise<ReadonlySet<string>>;
  /** Whether the server is ready for TLS to begin. */
  startTls(): Promise<boolean>;
  logIn(capabilities: ReadonlySet<string>, credentials: Credentials): Promise<void>;
  status(mailbox: string): Promise<MailboxStatus>;
  noop(): Promise<void>;
  logOut(): Promise<void>;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface MailboxStatus {
  readonly messages: number;
  readonly unseen: number;
}

/** What a command comes to, with all that was said meanwhile. */
interface Outcome {
  readonly status: string;
  /** A code such as AUTHENTICATIONFAILED (RFC 5530), or nothing. */
  readonly code: string;
  readonly untagged: readonly string[];
}

const LINE_BYTES_MAX = 16 * 1024;
const LITERAL_BYTES_MAX = 64 * 1024;
const LINES_MAX = 500;

export function imapOver(reader: ByteReader, socket: Duplex): ImapClient {
  let commands = 0;

  return {
    async greeted() {
      const line = await readLine(reader);
      const [, word = ''] = /^\* (?<word>OK|PREAUTH|BYE)\b/i.exec(line) ?? [];
      if (word.toUpperCase() === 'BYE') throw new Complaint(`sent us away: ${shown(line.slice('* BYE'.length))}`);
      if (word === '') throw foreign();
      return word.toUpperCase() === 'PREAUTH';
    },
    async capabilities() {
      const { untagged } = await succeeding('CAPABILITY');
      const told = untagged.find((line) => /^\* CAPABILITY /i.test(line)) ?? '';
      return new Set(told.toUpperCase().split(' ').slice(2));
    },
    startTls: async () => (await command(['STARTTLS'])).status === 'OK',
    async logIn(capabilities, { user, password }) {
      const isPlain = capabilities.has('AUTH=PLAIN');
      const token = Buffer.from(`\u0000${user}\u0000${password}`).toString('base64');
      const { status, code } = isPlain
        ? await command(['AUTHENTICATE PLAIN\r\n', token])
        : await command([`LOGIN ${literal(user)}`, `${user} ${literal(password)}`, password]);
      if (status !== 'OK') throw new Complaint(refusal(code, user));
    },
    async status(mailbox) {
      const { status, untagged } = await command([`STATUS ${quoted(mailbox)} (MESSAGES UNSEEN)`]);
      if (status !== 'OK') throw new Complaint(`has no mailbox ${shown(mailbox)} that this user can open`);
      const told = untagged.find((line) => /^\* STATUS /i.test(line)) ?? '';
      return { messages: numberIn(told, 'MESSAGES'), unseen: numberIn(told, 'UNSEEN') };
    },
    noop: async () => void (await succeeding('NOOP')),
    logOut: async () => void (await command(['LOGOUT'])),
  };

  async function succeeding(line: string): Promise<Outcome> {
    const outcome = await command([line]);
    if (outcome.status === 'OK') return outcome;
    throw new Complaint(`answered ${line} with ${outcome.status}, expected OK`);
  }

  /** What follows the first part goes out piece by piece, whenever the server asks for it. */
  async function command([first = '', ...rest]: readonly string[]): Promise<Outcome> {
    commands += 1;
    const tag = `e${commands}`;
    const parts = [...rest];
    socket.write(`${tag} ${first}${first.endsWith('\r\n') ? '' : '\r\n'}`);
    const untagged: string[] = [];
    for (let lines = 0; lines < LINES_MAX; lines += 1) {
      const line = await readLine(reader);
      const tagged = line.startsWith(`${tag} `) ? outcomeIn(line.slice(tag.length + 1)) : undefined;
      if (tagged !== undefined) return { ...tagged, untagged };
      const isAsked = line.startsWith('+');
      const part = isAsked ? parts.shift() : undefined;
      if (isAsked ? part === undefined : !line.startsWith('* ')) throw foreign();
      if (part === undefined) untagged.push(line);
      else socket.write(`${part}\r\n`);
    }
    throw new Complaint('sends an answer without end');
  }
}

/** A line with the texts that it announces by their length, as one (RFC 3501 §4.3). */
export async function readLine(reader: ByteReader): Promise<string> {
  let line = '';
  for (let pieces = 0; pieces < LINES_MAX; pieces += 1) {
    const piece = await reader.until('\n', LINE_BYTES_MAX);
    if (piece === undefined) throw new Complaint('ended the connection, or does not answer as IMAP does');
    line += String(piece).trimEnd();
    const [, length] = /\{(?<length>\d{1,9})\}$/.exec(String(piece).trimEnd()) ?? [];
    if (length === undefined) return line;
    if (Number(length) + line.length > LITERAL_BYTES_MAX) break;
    const text = await reader.exactly(Number(length));
    if (text === undefined) throw new Complaint('ended the connection in the middle of an answer');
    line += ` ${quoted(String(text))}`;
  }
  throw new Complaint('sends a line without end');
}

function outcomeIn(text: string): Omit<Outcome, 'untagged'> {
  const { status, code } = /^(?<status>OK|NO|BAD)\b(?: \[(?<code>[\w-]+))?/i.exec(text)?.groups ?? {};
  if (status === undefined) throw foreign();
  return { status: status.toUpperCase(), code: code?.toUpperCase() ?? '' };
}

function numberIn(status: string, item: string): number {
  // Behind the name of the mailbox, which may look like anything.
  const items = status.slice(status.lastIndexOf('('));
  const [, number] = new RegExp(String.raw`\b${item} (?<number>\d{1,10})\b`, 'i').exec(items) ?? [];
  if (number === undefined) throw foreign();
  return Number(number);
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

function literal(text: string): string {
  return `{${Buffer.byteLength(text)}}`;
}

function foreign(): Complaint {
  return new Complaint('does not answer as IMAP does');
}

/** The words of the server are left out: it may repeat what it was told. */
function refusal(code: string, user: string): string {
  if (code === 'UNAVAILABLE') return 'cannot check passwords at the moment';
  if (code === 'EXPIRED') return `says that the password for user ${user} has expired`;
  if (code === 'LIMIT') return `takes no more connections of user ${user}`;
  return `rejects the password for user ${user}`;
}
