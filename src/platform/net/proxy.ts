import type { Target } from '../../kernel/net.ts';
import { errors } from './errors.ts';
import { asBasic, type Credentials, credentialsIn } from './url-credentials.ts';

/** Somebody who connects to others for us. */
export interface Proxy {
  readonly protocol: 'http' | 'socks5';
  readonly target: Target;
  /** Host and port, for people. */
  readonly place: string;
  readonly credentials: Credentials | undefined;
}

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'socks5:': 1080 };
/** A single byte says how long they are (RFC 1929 §2). */
const SOCKS_BYTES_MAX = 255;

/** Throws `NET_PROXY_INVALID`, which names whom the proxy is for and not the proxy: its address may hold a password. */
export function proxyOf(address: string, host: string): Proxy {
  const url = URL.parse(address);
  const defaultPort = url === null ? undefined : PORTS[url.protocol];
  if (url === null || defaultPort === undefined || url.hostname === '') throw errors.NET_PROXY_INVALID({ host });
  const protocol = url.protocol === 'socks5:' ? 'socks5' : 'http';
  const credentials = credentialsIn(url);
  if (protocol === 'socks5' && !fitsSocks(credentials)) throw errors.NET_PROXY_INVALID({ host });
  const port = url.port === '' ? defaultPort : Number(url.port);
  const target = { host: url.hostname.replace(/^\[(?<address>.*)\]$/, '$<address>'), port };
  return {
    protocol,
    target: url.protocol === 'https:' ? { ...target, tls: 'verified' } : target,
    place: `${url.hostname}:${port}`,
    credentials,
  };
}

/** What an HTTP proxy wants to see of us (RFC 9110 §11.7.2). */
export function proxyAuthorization({ credentials }: Proxy): Readonly<Record<string, string>> {
  return credentials === undefined ? {} : { 'proxy-authorization': asBasic(credentials) };
}

function fitsSocks(credentials: Credentials | undefined): boolean {
  return [credentials?.user ?? '', credentials?.password ?? ''].every(
    (text) => Buffer.byteLength(text) <= SOCKS_BYTES_MAX,
  );
}
