import type { ChannelIo, SendResult } from '../channel.ts';
import { oneLine, shortened } from '../notice-text.ts';
import { failedBecause } from '../send-failure.ts';

const SHOWN_CHARS_MAX = 200;

/** What nodemailer says of an error (dist/esm/errors.js). */
interface MailError extends Error {
  readonly code: string;
  /** The code of the system's error behind it. */
  readonly originalCode?: string;
  /** The number the server answered with, and its whole answer. */
  readonly responseCode?: number;
  readonly response?: string;
  /** The command that was answered, e.g. `RCPT TO`. */
  readonly command?: string;
}

/** The server went out of step; on a new connection the same message can go through. */
const BAD_SEQUENCE = 503;

/** Sending has ended without the server's promise to deliver. Without that promise it is sent again. */
export function mailFailure(error: unknown, io: Pick<ChannelIo, 'signal'>, where: string): SendResult {
  if (io.signal.aborted || !isMailError(error)) return failedBecause(error, io, where);
  const { responseCode, originalCode } = error;
  if (responseCode !== undefined) return answered(error, responseCode, where);
  // nodemailer puts a code of its own over the one that says what happened.
  if (originalCode !== undefined) return failedBecause(Object.assign(error, { code: originalCode }), io, where);
  return { outcome: 'failed', detail: withoutAnswer(error, where) };
}

/** RFC 5321 §4.2.1: 4yz may work later, 5yz never will. */
function answered(error: MailError, responseCode: number, where: string): SendResult {
  const isForGood = responseCode >= 500 && responseCode !== BAD_SEQUENCE;
  const answer = shortened(oneLine(error.response ?? String(responseCode)), SHOWN_CHARS_MAX);
  return { outcome: isForGood ? 'refused' : 'failed', detail: `${refusalOf(error, where)}: ${answer}` };
}

function refusalOf({ command = '' }: MailError, where: string): string {
  if (command.startsWith('AUTH')) return `${where} does not accept the user and password in EVENKEEL_SMTP_URL`;
  if (command === 'STARTTLS') return `${where} does not encrypt, so nothing was sent to it`;
  if (command === 'RCPT TO') return `${where} does not take mail for this address`;
  if (command === 'MAIL FROM') return `${where} does not take mail from EVENKEEL_MAIL_FROM`;
  return `${where} did not take the message`;
}

function withoutAnswer({ code }: MailError, where: string): string {
  if (code === 'ECONNECTION') return `${where} ended the connection before it confirmed the message.`;
  if (code === 'ETIMEDOUT') return `${where} did not answer in time.`;
  if (code === 'EPROTOCOL') return `${where} does not answer as a mail server does.`;
  if (code === 'EAUTH') return `${where} asks for a user and a password, and EVENKEEL_SMTP_URL does not hold both.`;
  return `Sending through ${where} failed (${code}).`;
}

const CODES = new Set(['EAUTH', 'ECONNECTION', 'EENVELOPE', 'EMESSAGE', 'EPROTOCOL', 'ESOCKET', 'ETIMEDOUT', 'ETLS']);

function isMailError(error: unknown): error is MailError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && CODES.has(error.code);
}
