import * as z from 'zod';
import type { Target } from '../../kernel/net.ts';
import { percentDecoded } from '../../kernel/percent-decoded.ts';
import type { Secret } from '../../kernel/secret.ts';
import { secretText } from '../../kernel/secret-text.ts';

/** The address of a server that is not on the web, taken apart. */
export interface ServerAddress {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Without the slash: the name of the database, mostly. */
  readonly path: string;
  readonly parameters: URLSearchParams;
}

export interface ServerUrlOptions {
  readonly schemes: readonly string[];
  readonly example: string;
}

/** A setting such as `redis://:password@cache.example:6379/0`. */
export function serverUrl({ schemes, example }: ServerUrlOptions) {
  const known = schemes.map((scheme) => `${scheme}:`).join(', ');
  const expected = `Expected an address with a host that begins with ${known}, such as ${example}.`;
  const shape = z.string().refine((text) => isServerUrl(text, schemes), expected);
  return secretText(shape);
}

export function serverAddressOf(url: Secret, defaultPort: number): ServerAddress {
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url.reveal());
  return {
    scheme: protocol.slice(0, -1),
    host: unbracketed(percentDecoded(hostname)),
    port: port === '' ? defaultPort : Number(port),
    user: percentDecoded(username),
    password: percentDecoded(password),
    path: percentDecoded(pathname.slice(1)),
    parameters: searchParams,
  };
}

/** `db.example:5432` or `[::1]:5432`; undefined when it is neither. */
export function parseHostAndPort(text: string): Target | undefined {
  const { host, port } = /^(?<host>\[[\da-fA-F:.]+\]|[^\s:/@?#[\]]+):(?<port>\d{1,5})$/.exec(text)?.groups ?? {};
  const number = Number(port);
  return host !== undefined && number >= 1 && number <= 65_535 ? { host: unbracketed(host), port: number } : undefined;
}

export interface HostAndPortOptions {
  /** For those who leave the port out; without one it has to be there. */
  readonly defaultPort?: number;
  readonly example: string;
}

/** A setting such as `mail.example:25`. */
export function hostAndPort({ defaultPort, example }: HostAndPortOptions) {
  return z.string().transform((text, context): Target => {
    const target = parseHostAndPort(text) ?? (defaultPort === undefined ? undefined : parseHost(text, defaultPort));
    if (target !== undefined) return target;
    context.addIssue({ code: 'custom', message: `Expected ${example}.` });
    return z.NEVER;
  });
}

/** `db.example`, `::1` or `[::1]`; undefined when it is none of them. */
export function parseHost(text: string, port: number): Target | undefined {
  const isBareIpv6 = /^[\da-f:.]+$/i.test(text) && text.split(':').length > 2;
  return parseHostAndPort(`${isBareIpv6 ? `[${text}]` : text}:${port}`);
}

export function printHostAndPort({ host, port }: Target): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function isServerUrl(text: string, schemes: readonly string[]): boolean {
  const url = URL.parse(text);
  return url !== null && url.hostname !== '' && schemes.includes(url.protocol.slice(0, -1));
}

function unbracketed(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}
