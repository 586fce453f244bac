const HEADER = 0xffffffff;
const INFO = 0x49;
const CHALLENGE = 0x41;
const HEADER_BYTES = 5;
const CHALLENGE_BYTES = 4;
const QUESTION = Buffer.concat([Buffer.from('ffffffff54', 'hex'), Buffer.from('Source Engine Query\0')]);
/** A server that always wants another challenge could keep us busy. */
const CHALLENGES_MAX = 3;

/** The answer cannot be read. */
export class A2sUnreadable extends Error {}

/** What a server says of itself (https://developer.valvesoftware.com/wiki/Server_queries#A2S_INFO). */
export interface A2sInfo {
  readonly name: string;
  readonly map: string;
  readonly folder: string;
  readonly game: string;
  readonly players: number;
  readonly players_max: number;
  readonly bots: number;
  /** Whether players need a password. */
  readonly is_private: boolean;
  readonly version: string;
}

export interface A2sConversation {
  readonly question: Uint8Array;
  /** As `DatagramExchange` wants it: a challenge is sent back, and only what says how the server is ends the waiting. */
  readonly isAnswer: (datagram: Uint8Array) => boolean | Uint8Array;
}

export function a2sConversation(): A2sConversation {
  let challenges = 0;
  return {
    question: QUESTION,
    isAnswer(datagram) {
      const bytes = Buffer.from(datagram);
      const kind = bytes.length > HEADER_BYTES && bytes.readUInt32BE() === HEADER ? bytes[HEADER_BYTES - 1] : undefined;
      if (kind !== CHALLENGE) return kind === INFO;
      challenges += 1;
      const challenge = bytes.subarray(HEADER_BYTES, HEADER_BYTES + CHALLENGE_BYTES);
      return challenges > CHALLENGES_MAX ? false : Buffer.concat([QUESTION, challenge]);
    },
  };
}

/** Throws `A2sUnreadable`. */
export function decodeInfo(datagram: Uint8Array): A2sInfo {
  const bytes = Buffer.from(datagram);
  // One byte for the version of the protocol.
  let at = HEADER_BYTES + 1;
  const [name, map, folder, game] = [text(), text(), text(), text()];
  at += 2;
  const [players, max, bots] = [byte(), byte(), byte()];
  at += 2;
  const [isPrivate] = [byte()];
  at += 1;
  return { name, map, folder, game, players, players_max: max, bots, is_private: isPrivate === 1, version: text() };

  function text(): string {
    const end = bytes.indexOf(0, at);
    if (end === -1) throw new A2sUnreadable('A text has no end.');
    const found = bytes.subarray(at, end).toString();
    at = end + 1;
    return found;
  }

  function byte(): number {
    const found = bytes[at];
    if (found === undefined) throw new A2sUnreadable('It is too short.');
    at += 1;
    return found;
  }
}
