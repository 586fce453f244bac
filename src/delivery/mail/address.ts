import type { Target } from '../../kernel/net.ts';
import { percentDecoded } from '../../kernel/percent-decoded.ts';
import type { Secret } from '../../kernel/secret.ts';

const SUBMISSION_PORT = 587;
const SUBMISSIONS_PORT = 465;

/** Where mail is handed in, taken apart. */
export interface SmtpAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Encrypted from the first byte, as `smtps:` says. */
  readonly isTls: boolean;
  /** What is sent there never leaves this machine. */
  readonly isLoopback: boolean;
}

export function smtpAddressOf(url: Secret): SmtpAddress {
  const { protocol, hostname, port, username, password } = new URL(url.reveal());
  const isTls = protocol === 'smtps:';
  const host = percentDecoded(hostname).replace(/^\[(?<address>.*)\]$/, '$<address>');
  return {
    host,
    port: port === '' ? (isTls ? SUBMISSIONS_PORT : SUBMISSION_PORT) : Number(port),
    user: percentDecoded(username),
    password: percentDecoded(password),
    isTls,
    isLoopback: /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host),
  };
}

/** A server on this very machine mostly has a certificate of its own making, and nobody stands in between. */
export function smtpTarget({ host, port, isTls, isLoopback }: SmtpAddress): Target {
  return { host, port, ...(isTls && { tls: isLoopback ? 'unverified' : 'verified' }) };
}

export function printSmtpAddress({ host, port }: SmtpAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
