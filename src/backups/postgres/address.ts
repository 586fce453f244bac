import { existsSync } from 'node:fs';
import { percentDecoded } from '../../kernel/percent-decoded.ts';
import { Secret } from '../../kernel/secret.ts';
import { asSource, type Refusal } from '../unusable-place.ts';

/** Where a PostgreSQL database is, and how to get in. */
export interface PostgresAddress {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly database: string;
  readonly tls: PostgresTls;
}

export interface PostgresTls {
  readonly mode: TlsMode;
  /** Files: whom to believe, and who we are. */
  readonly root?: string;
  readonly certificate?: string;
  readonly key?: string;
}

const TLS_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type TlsMode = (typeof TLS_MODES)[number];

const PORT = 5432;
const USER = 'postgres';

/** libpq believes only certificates it is pointed at. */
const SYSTEM_ROOTS = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];

/** Reads an address as libpq does; the schemes of SQLAlchemy mean the same. */
export function postgresAddressOf(url: Secret, refuse: Refusal = asSource): PostgresAddress {
  const parsed = URL.parse(url.reveal().replace(/^[\w+]+:\/\//, 'postgres://'));
  if (parsed === null) {
    throw refuse({ where: url.name, cause: 'it is not an address such as postgres://user@host/name' });
  }
  const parameters = parsed.searchParams;
  /** What stands in the address itself comes before a parameter. */
  const part = (written: string, name: string) => percentDecoded(written) || (parameters.get(name) ?? '');
  const user = part(parsed.username, 'user') || USER;
  return {
    host: parameters.get('host') || unbracketed(percentDecoded(parsed.hostname)) || 'localhost',
    port: Number(part(parsed.port, 'port') || PORT),
    user,
    password: new Secret(part(parsed.password, 'password'), url.name),
    database: part(parsed.pathname.slice(1), 'dbname') || user,
    tls: tlsOf(parameters, url, refuse),
  };
}

function unbracketed(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host;
}

/** For people, and without anything secret. */
export function printAddress(address: PostgresAddress): string {
  return `${printServer(address)}/${address.database}`;
}

/** Without the database. */
export function printServer({ host, port }: PostgresAddress): string {
  if (isSocket(host)) return host;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

export function isSocket(host: string): boolean {
  return host.startsWith('/');
}

function tlsOf(parameters: URLSearchParams, url: Secret, refuse: Refusal): PostgresTls {
  const mode = tlsModeOf(parameters, url, refuse);
  const root = rootOf(parameters.get('sslrootcert'), mode);
  const certificate = parameters.get('sslcert');
  const key = parameters.get('sslkey');
  return {
    mode,
    ...(root !== undefined && { root }),
    ...(certificate !== null && { certificate }),
    ...(key !== null && { key }),
  };
}

/** `system` is what libpq 16 calls those of the machine; older ones need the file. */
function rootOf(written: string | null, mode: TlsMode): string | undefined {
  if (written !== null && written !== 'system') return written;
  return written === 'system' || mode.startsWith('verify-') ? SYSTEM_ROOTS.find(existsSync) : undefined;
}

function tlsModeOf(parameters: URLSearchParams, url: Secret, refuse: Refusal): TlsMode {
  const asked = parameters.get('sslmode') ?? (parameters.get('ssl') === 'true' ? 'require' : 'prefer');
  // What node-postgres calls it.
  const written = asked === 'no-verify' ? 'require' : asked;
  const mode = TLS_MODES.find((known) => known === written);
  if (mode !== undefined) return mode;
  throw refuse({ where: url.name, cause: `there is no sslmode ${JSON.stringify(written)}` });
}
