import { codeOf, EvenkeelError } from '../kernel/errors.ts';
import type { ChannelIo, SendResult } from './channel.ts';

/** What each error means, said of the receiver. */
const SENTENCES: Readonly<Record<string, (where: string) => string>> = {
  ECONNREFUSED: (where) => `${where} refused the connection.`,
  ECONNRESET: (where) => `${where} broke off the connection before it answered.`,
  EPIPE: (where) => `${where} broke off the connection before it answered.`,
  ENOTFOUND: (where) => `The name ${where} does not exist.`,
  EAI_AGAIN: (where) => `The name ${where} could not be looked up: the name server does not answer.`,
  EHOSTUNREACH: (where) => `No way leads to ${where}.`,
  ENETUNREACH: (where) => `No way leads to ${where}.`,
  ETIMEDOUT: (where) => `${where} did not answer.`,
  CERT_HAS_EXPIRED: (where) => `The certificate of ${where} has expired.`,
  DEPTH_ZERO_SELF_SIGNED_CERT: (where) => `The certificate of ${where} is signed by nobody but itself.`,
  SELF_SIGNED_CERT_IN_CHAIN: (where) => `The certificate of ${where} comes from an authority that is not trusted here.`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: (where) =>
    `The certificate of ${where} comes from an authority that is not trusted here.`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: (where) => `${where} sends its certificate without those it depends on.`,
  ERR_TLS_CERT_ALTNAME_INVALID: (where) => `The certificate of ${where} is made out to another name.`,
};

/**
 * No answer at all: it may work later. The text of the error is never shown, for it may hold an address with a
 * credential. A mistake of ours is thrown on.
 */
export function failedBecause(error: unknown, { signal }: Pick<ChannelIo, 'signal'>, where: string): SendResult {
  return { outcome: 'failed', detail: signal.aborted ? endedBy(signal, where) : sentenceFor(error, where) };
}

/** Once the signal has aborted, whatever broke did so because of it. */
function endedBy(signal: AbortSignal, where: string): string {
  return codeOf(signal.reason) === 'TimeoutError'
    ? `${where} did not answer in time.`
    : `Evenkeel was stopped before ${where} answered.`;
}

function sentenceFor(error: unknown, where: string): string {
  if (error instanceof EvenkeelError && error.code.startsWith('NET_')) return error.message;
  const code = codeOf(error);
  const sentence = SENTENCES[code];
  if (sentence !== undefined) return sentence(where);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return `${where} does not speak TLS as it should (${code}).`;
  if (isSystemError(error)) return `Sending to ${where} failed (${code}).`;
  throw error;
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && ('syscall' in error || 'reason' in error || codeOf(error).startsWith('CERT_'));
}
