import type { Duplex } from 'node:stream';
import { wholeLength } from './ber.ts';
import { TlsNotBegun } from './certificates.ts';

export type StarttlsScheme = 'smtp' | 'imap' | 'pop3' | 'ftp' | 'ldap' | 'xmpp' | 'postgres' | 'mysql';

const SAID_BYTES_MAX = 16 * 1024;
const SHOWN_CHARS_MAX = 80;
const NOT_OFFERED = 'offers no TLS on this port.';

/** Says what has to be said in the clear until TLS may begin. Rejects with `TlsNotBegun` when it comes to nothing. */
export async function changeToTls(socket: Duplex, scheme: StarttlsScheme, host: string): Promise<void> {
  const talk = talkOver(socket);
  await CONVERSATIONS[scheme](talk, host);
  // Whatever comes now, before TLS protects it, was slipped in by somebody on the way (RFC 3207 §6).
  if (talk.hasMore()) throw new TlsNotBegun('goes on talking in the clear after it agreed to TLS.');
}

interface Talk {
  say(words: string | Uint8Array): void;
  /** All up to and with the end that `isWhole` finds; it gets what there is and says how long it is, or undefined. */
  hear(lengthOf: (said: Buffer) => number | undefined): Promise<Buffer>;
  hasMore(): boolean;
}

function talkOver(socket: Duplex): Talk {
  const chunks: AsyncIterator<Buffer> = socket.iterator({ destroyOnReturn: false });
  let held: Buffer = Buffer.alloc(0);
  return {
    say: (words) => void socket.write(words),
    hasMore: () => held.length > 0,
    async hear(lengthOf) {
      for (;;) {
        const length = lengthOf(held);
        if (length !== undefined && length <= held.length) {
          const heard = held.subarray(0, length);
          held = held.subarray(length);
          return heard;
        }
        if (held.length > SAID_BYTES_MAX) throw new TlsNotBegun('does not come to an end in the clear.');
        const { value, done } = await chunks.next();
        if (done === true) throw new TlsNotBegun('closed the connection before TLS began.');
        held = Buffer.concat([held, value]);
      }
    },
  };
}

const CONVERSATIONS: Readonly<Record<StarttlsScheme, (talk: Talk, host: string) => Promise<void>>> = {
  /** RFC 3207. */
  async smtp(talk) {
    await reply(talk, '220');
    talk.say('EHLO evenkeel.invalid\r\n');
    const offers = await reply(talk, '250');
    if (!/^250[ -]STARTTLS\r$/im.test(offers)) throw new TlsNotBegun(NOT_OFFERED);
    talk.say('STARTTLS\r\n');
    await reply(talk, '220');
  },
  /** RFC 4217. */
  async ftp(talk) {
    await reply(talk, '220');
    talk.say('AUTH TLS\r\n');
    await reply(talk, '234');
  },
  /** RFC 9051 §6.2.1. */
  async imap(talk) {
    await line(talk, /^\* OK/i);
    talk.say('a STARTTLS\r\n');
    let answer = await anyLine(talk);
    while (answer.startsWith('* ')) answer = await anyLine(talk);
    if (!/^a OK/i.test(answer)) throw refused(answer);
  },
  /** RFC 2595 §4. */
  async pop3(talk) {
    await line(talk, /^\+OK/i);
    talk.say('STLS\r\n');
    await line(talk, /^\+OK/i);
  },
  /** RFC 4511 §4.14: an extended request with the number 1.3.6.1.4.1.1466.20037, and its answer. */
  async ldap(talk) {
    talk.say(Buffer.concat([Buffer.from('301d02010177188016', 'hex'), Buffer.from('1.3.6.1.4.1.1466.20037')]));
    const answer = await talk.hear(ldapLength);
    // The number of the message, then the answer to the request, then its result code: 0 is success.
    const isAgreed = answer.includes(Buffer.from('78', 'hex')) && answer.includes(Buffer.from('0a0100', 'hex'));
    if (!isAgreed) throw new TlsNotBegun(NOT_OFFERED);
  },
  /** RFC 6120 §5.4. */
  async xmpp(talk, host) {
    const to = host.replaceAll(/[^\w.:-]/g, '');
    talk.say(
      `<?xml version='1.0'?><stream:stream to='${to}' xmlns='jabber:client' ` +
        `xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`,
    );
    const features = String(await talk.hear(upTo(/<\/stream:features>|<stream:features\s*\/>|<\/stream:stream>/)));
    if (!features.includes('urn:ietf:params:xml:ns:xmpp-tls')) throw new TlsNotBegun(NOT_OFFERED);
    talk.say(`<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>`);
    const answer = String(await talk.hear(upTo(/>/)));
    if (!answer.includes('<proceed')) throw refused(answer);
  },
  /** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL */
  async postgres(talk) {
    talk.say(Buffer.from('0000000804d2162f', 'hex'));
    const answer = String(await talk.hear(() => 1));
    if (answer !== 'S') throw new TlsNotBegun(NOT_OFFERED);
  },
  /** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html */
  async mysql(talk) {
    const greeting = await talk.hear((said) => (said.length < 4 ? undefined : 4 + said.readUIntLE(0, 3)));
    const version = greeting.indexOf(0, 5);
    // The number of the connection, 8 bytes of salt and a filler stand before the lower half of the capabilities.
    const capabilitiesAt = version + 1 + 4 + 8 + 1;
    const isGreeting = greeting[4] === 10 && version !== -1 && capabilitiesAt + 2 <= greeting.length;
    if (!isGreeting || (greeting.readUInt16LE(capabilitiesAt) & MYSQL_TLS) === 0) throw new TlsNotBegun(NOT_OFFERED);
    const asked = Buffer.alloc(36);
    asked.writeUIntLE(32, 0, 3);
    asked.writeUInt8(1, 3);
    asked.writeUInt32LE(MYSQL_TLS | MYSQL_PROTOCOL_41, 4);
    asked.writeUInt32LE(SAID_BYTES_MAX, 8);
    asked.writeUInt8(MYSQL_UTF8, 12);
    talk.say(asked);
  },
};

const MYSQL_TLS = 0x0800;
const MYSQL_PROTOCOL_41 = 0x0200;
const MYSQL_UTF8 = 45;

/** A reply of one line or several; the last one has the code of the first and no hyphen (RFC 5321 §4.2.1, RFC 959 §4.2). */
async function reply(talk: Talk, code: string): Promise<string> {
  const first = await anyLine(talk);
  let said = first;
  for (let last = first; /^\d{3}-/.test(first) && !last.startsWith(`${first.slice(0, 3)} `); said += last) {
    if (said.length > SAID_BYTES_MAX) throw new TlsNotBegun('does not come to an end in the clear.');
    last = await anyLine(talk);
  }
  if (!said.startsWith(code)) throw refused(said);
  return said;
}

async function line(talk: Talk, expected: RegExp): Promise<void> {
  const said = await anyLine(talk);
  if (!expected.test(said)) throw refused(said);
}

async function anyLine(talk: Talk): Promise<string> {
  return String(await talk.hear(upTo(/\n/)));
}

function upTo(end: RegExp) {
  return (said: Buffer): number | undefined => {
    // One character for one byte, so that where it ends is where it ends.
    const found = end.exec(said.toString('latin1'));
    return found === null ? undefined : found.index + found[0].length;
  };
}

function ldapLength(said: Buffer): number | undefined {
  try {
    return wholeLength(said);
  } catch (cause) {
    throw new TlsNotBegun('does not answer as LDAP does.', { cause });
  }
}

function refused(said: string): TlsNotBegun {
  return new TlsNotBegun(`did not agree to TLS: ${JSON.stringify(said.trim().slice(0, SHOWN_CHARS_MAX))}.`);
}
