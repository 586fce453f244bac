import { createHmac } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { ByteReader } from './byte-reader.ts';
import { Complaint } from './conversation.ts';
import { shown } from './shown.ts';

/** One conversation with a mail server (RFC 5321). It never gets as far as a message. Each throws a `Complaint`. */
export interface SmtpClient {
  /** Waits for the greeting, where there is one, and says our name. What the server can do, by keyword. */
  begin(isGreeted: boolean): Promise<Extensions>;
  /** Whether the server is ready for TLS to begin (RFC 3207). */
  startTls(): Promise<boolean>;
  logIn(mechanism: Mechanism, credentials: Credentials): Promise<void>;
  noop(): Promise<void>;
  quit(): Promise<void>;
}

/** Keywords in capitals, e.g. AUTH, with what stands behind them. */
export type Extensions = ReadonlyMap<string, string>;

export type Mechanism = 'PLAIN' | 'LOGIN' | 'CRAM-MD5';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

/** RFC 5321 §4.5.3.1.5 says 512; some say more. */
const LINE_BYTES_MAX = 4_096;
const LINES_MAX = 100;
/** A name that belongs to nobody (RFC 6761). */
const OUR_NAME = 'evenkeel.invalid';

export function smtpOver(reader: ByteReader, socket: Duplex): SmtpClient {
  return {
    async begin(isGreeted) {
      if (isGreeted) expecting(220, await readReply(reader), 'greeted us with');
      const { lines } = expecting(250, await command(`EHLO ${OUR_NAME}`), 'answered EHLO with');
      return extensionsIn(lines);
    },
    startTls: async () => (await command('STARTTLS')).code === 220,
    async logIn(mechanism, credentials) {
      let reply = await command(`AUTH ${mechanism}`);
      for (const answer of ANSWERS[mechanism](credentials)) {
        if (reply.code !== 334) break;
        reply = await command(base64(answer(challengeIn(reply))));
      }
      if (reply.code !== 235) throw new Complaint(refusal(reply.code, credentials));
    },
    async noop() {
      const { code } = await command('NOOP');
      if (code !== 250) throw new Complaint(`answered NOOP with ${code}, expected 250`);
    },
    quit: async () => void (await command('QUIT')),
  };

  function command(line: string): Promise<Reply> {
    socket.write(`${line}\r\n`);
    return readReply(reader);
  }
}

/** The strongest that the server offers; of those that would show the password to anybody on the way, none in the clear. */
export function mechanismFor(extensions: Extensions, isEncrypted: boolean): Mechanism | undefined {
  const offered = (extensions.get('AUTH') ?? '').toUpperCase().split(/\s+/);
  const usable: readonly Mechanism[] = isEncrypted ? ['PLAIN', 'LOGIN', 'CRAM-MD5'] : ['CRAM-MD5'];
  return usable.find((mechanism) => offered.includes(mechanism));
}

/** What is answered to each challenge in turn: RFC 4616, the LOGIN of old, RFC 2195. */
const ANSWERS: Readonly<Record<Mechanism, (credentials: Credentials) => readonly ((challenge: Buffer) => string)[]>> = {
  PLAIN: ({ user, password }) => [() => `\u0000${user}\u0000${password}`],
  LOGIN: ({ user, password }) => [() => user, () => password],
  'CRAM-MD5': ({ user, password }) => [
    (challenge) => `${user} ${createHmac('md5', password).update(challenge).digest('hex')}`,
  ],
};

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function challengeIn({ lines }: Reply): Buffer {
  return Buffer.from(lines[0] ?? '', 'base64');
}

/** A code in each line, and a hyphen behind it in each but the last (RFC 5321 §4.2.1). */
export async function readReply(reader: ByteReader): Promise<Reply> {
  const lines: string[] = [];
  while (lines.length < LINES_MAX) {
    const line = await reader.until('\n', LINE_BYTES_MAX);
    if (line === undefined) throw new Complaint('ended the connection, or does not answer as SMTP does');
    const { code, more, text } = /^(?<code>\d{3})(?<more>-| |$)(?<text>.*)$/.exec(String(line).trimEnd())?.groups ?? {};
    if (code === undefined) throw new Complaint('does not answer as SMTP does');
    lines.push(text ?? '');
    if (more !== '-') return { code: Number(code), lines };
  }
  throw new Complaint('sends a reply without end');
}

function expecting(code: number, reply: Reply, verb: string): Reply {
  if (reply.code === code) return reply;
  throw new Complaint(`${verb} ${reply.code} ${shown(reply.lines.join(' '))}, expected ${code}`);
}

/** The first line is the name of the server. */
function extensionsIn([, ...lines]: readonly string[]): Extensions {
  return new Map(
    lines.map((line) => {
      const [keyword = '', ...rest] = line.trim().split(/[ =]/);
      return [keyword.toUpperCase(), rest.join(' ')];
    }),
  );
}

/** The words of the server are left out: it may repeat what it was told. */
function refusal(code: number, { user }: Credentials): string {
  if (code === 535 || code === 534) return `rejects the password for user ${user}`;
  if (code === 454 || code === 421) return `cannot check passwords at the moment (${code})`;
  return `answered the login with ${code}, expected 235`;
}
