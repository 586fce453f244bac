import type { Ping } from '../monitor-type.ts';

/** What a job tells when it calls its address. */
export interface Told {
  /** `log` is kept and changes nothing. */
  readonly outcome: Ping['outcome'] | 'log';
  /** Tells runs apart that overlap. */
  readonly run?: string | undefined;
  readonly exitStatus?: number | undefined;
  readonly message?: string | undefined;
  readonly latencyMs?: number | undefined;
  /** What it sent along, e.g. its output. */
  readonly body?: string | undefined;
}

/** One call as it is kept. */
export interface PingRecord extends Omit<Ping, 'outcome'> {
  readonly outcome: Told['outcome'];
  readonly run: string | null;
  /** Null where nothing was sent, and of those that came long ago. */
  readonly body: string | null;
}

const BODY_CHARS_MAX = 10_000;
const MESSAGE_CHARS_MAX = 200;
const UNPRINTABLE = /[\p{Cc}\u2028-\u202e\u2066-\u2069]+/gu;

/** As it may be stored and shown: a message of one line, a body of its first 10,000 characters. */
export function bounded({ message, body, ...told }: Told): Told {
  const line = message?.toWellFormed().replaceAll(UNPRINTABLE, ' ').trim().slice(0, MESSAGE_CHARS_MAX);
  // PostgreSQL stores no NUL.
  const kept = body?.slice(0, BODY_CHARS_MAX).toWellFormed().replaceAll('\0', '\u{fffd}');
  return {
    ...told,
    ...(line !== undefined && line !== '' && { message: line }),
    ...(kept !== undefined && kept !== '' && { body: kept }),
  };
}
