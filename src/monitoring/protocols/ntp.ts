/** What a time server said, RFC 5905 §7.3. */
export interface NtpAnswer {
  /** 3: its own clock is set by nobody. */
  readonly leap: number;
  /** 1 has a clock of its own, each further one asks another; 0 is a refusal, 16 and more is set by nobody. */
  readonly stratum: number;
  /** At stratum 0, why it refuses, e.g. `RATE` (§7.4). */
  readonly code: string;
  /** When the question came and when the answer went by its clock, epoch milliseconds. */
  readonly receivedAt: number;
  readonly sentAt: number;
}

const BYTES = 48;
const VERSION_4_CLIENT = 0x23;
const SERVER = 4;
const ORIGIN_AT = 24;
const RECEIVED_AT = 32;
const SENT_AT = 40;
/** From 1900, where its seconds begin, to 1970. */
const EPOCH_SECONDS = 2_208_988_800;
const ERA_SECONDS = 2 ** 32;

/** The server repeats `nonce`, 8 bytes of chance, instead of a time that would tell it ours. */
export function encodeNtpQuestion(nonce: Uint8Array): Buffer {
  const question = Buffer.alloc(BYTES);
  question.writeUInt8(VERSION_4_CLIENT, 0);
  question.set(nonce.subarray(0, 8), SENT_AT);
  return question;
}

/** Whether it answers this question and no other. */
export function isNtpAnswerTo(nonce: Uint8Array, datagram: Uint8Array): boolean {
  if (datagram.length < BYTES) return false;
  const mode = (datagram[0] ?? 0) & 0x07;
  return mode === SERVER && Buffer.from(nonce.subarray(0, 8)).equals(datagram.subarray(ORIGIN_AT, ORIGIN_AT + 8));
}

/** `datagram` is one that `isNtpAnswerTo` took; `nearMs` tells in which of its eras of 136 years we live. */
export function decodeNtpAnswer(datagram: Uint8Array, nearMs: number): NtpAnswer {
  const bytes = Buffer.from(datagram);
  return {
    leap: bytes.readUInt8(0) >> 6,
    stratum: bytes.readUInt8(1),
    code: bytes
      .subarray(12, 16)
      .toString('latin1')
      .replaceAll(/[^A-Z]/g, ''),
    receivedAt: timeAt(bytes, RECEIVED_AT, nearMs),
    sentAt: timeAt(bytes, SENT_AT, nearMs),
  };
}

/** How far ahead of ours its clock is, in milliseconds, had the way there and back been equally long (§8). */
export function offsetOf({ receivedAt, sentAt }: NtpAnswer, askedAt: number, answeredAt: number): number {
  return (receivedAt - askedAt + (sentAt - answeredAt)) / 2;
}

function timeAt(bytes: Buffer, at: number, nearMs: number): number {
  const seconds = bytes.readUInt32BE(at) - EPOCH_SECONDS;
  const era = Math.round((nearMs / 1_000 - seconds) / ERA_SECONDS);
  return (seconds + era * ERA_SECONDS) * 1_000 + (bytes.readUInt32BE(at + 4) / ERA_SECONDS) * 1_000;
}
