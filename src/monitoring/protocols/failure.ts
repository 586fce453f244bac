import { formatDuration } from '../../kernel/duration.ts';
import { codeOf, EvenkeelError } from '../../kernel/errors.ts';
import type { CheckResult, ProbeIo } from '../monitor-type.ts';

/** What each error means for the one who is woken by it, said of the place that was asked. */
const SENTENCES: Readonly<Record<string, (where: string) => string>> = {
  ECONNREFUSED: (where) => `${where} refused the connection.`,
  ECONNRESET: (where) => `${where} broke off the connection.`,
  EPIPE: (where) => `${where} broke off the connection.`,
  ENOTFOUND: (where) => `The name in ${where} does not exist.`,
  EAI_AGAIN: (where) => `The name in ${where} could not be looked up: the name server does not answer.`,
  EHOSTUNREACH: (where) => `No way leads to ${where}.`,
  ENETUNREACH: (where) => `No way leads to ${where}.`,
  ETIMEDOUT: (where) => `${where} did not answer.`,
  CERT_HAS_EXPIRED: (where) => `The certificate of ${where} has expired.`,
  CERT_NOT_YET_VALID: (where) => `The certificate of ${where} is not valid yet.`,
  CERT_REVOKED: (where) => `The certificate of ${where} was revoked.`,
  DEPTH_ZERO_SELF_SIGNED_CERT: (where) => `The certificate of ${where} is signed by nobody but itself.`,
  SELF_SIGNED_CERT_IN_CHAIN: (where) => `The certificate of ${where} comes from an authority that is not trusted here.`,
  UNABLE_TO_GET_ISSUER_CERT: (where) => `The certificate of ${where} comes from an authority that is not trusted here.`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: (where) =>
    `The certificate of ${where} comes from an authority that is not trusted here.`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: (where) => `${where} sends its certificate without those it depends on.`,
  INVALID_CA: (where) => `The certificate of ${where} is signed by one that may not sign others.`,
  INVALID_PURPOSE: (where) => `The certificate of ${where} is not made out for servers.`,
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: (where) => `${where} wants a client certificate.`,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: (where) => `${where} does not trust the client certificate it gets.`,
  ERR_TLS_CERT_ALTNAME_INVALID: (where) => `The certificate of ${where} is made out to another name.`,
};

/** Whatever else OpenSSL finds wrong with a chain; Node hands these on with nothing but the code (X509ErrorCode). */
const CERTIFICATE_CODE = /^(?:CERT_|CRL_|UNABLE_TO_|ERROR_IN_C|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|UNSPECIFIED$)/;

/**
 * The result of a check that got no answer. `where` is what was asked, without anything secret; the text of the error
 * is never shown, for it may hold an address with a password. A mistake of ours is thrown on, and so is a shutdown.
 */
export function downBecause(error: unknown, { signal, timeoutMs }: ProbeIo, where: string): CheckResult {
  throwIfShutDown(signal);
  // Once the deadline has passed, whatever broke did so because of it.
  if (signal.aborted) return { state: 'down', reason: `${where} did not answer within ${formatDuration(timeoutMs)}.` };
  return { state: 'down', reason: sentenceFor(error, where) };
}

/** Stopping ourselves must not be recorded as a failure of what is watched. */
export function throwIfShutDown(signal: AbortSignal): void {
  if (signal.aborted && codeOf(signal.reason) !== 'TimeoutError') throw signal.reason;
}

/** What is wrong with a certificate, by Node's code of it. */
export function certificateComplaint(code: string, where: string): string {
  return SENTENCES[code]?.(where) ?? `The certificate of ${where} cannot be trusted (${code}).`;
}

function sentenceFor(error: unknown, where: string): string {
  if (error instanceof EvenkeelError && error.code.startsWith('NET_')) return error.message;
  const code = codeOf(error);
  const sentence = SENTENCES[code];
  if (sentence !== undefined) return sentence(where);
  if (CERTIFICATE_CODE.test(code)) return certificateComplaint(code, where);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return `${where} does not speak TLS as it should (${code}).`;
  if (isSystemError(error)) return `Asking ${where} failed (${code}).`;
  throw error;
}

/** Of several addresses that were tried in vain there is one error for each, in an error of its own. */
function isSystemError(error: unknown): boolean {
  return error instanceof AggregateError || (error instanceof Error && ('syscall' in error || 'reason' in error));
}
