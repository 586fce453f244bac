import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { requireProgram } from './install.ts';
import {
  type Ending,
  onFreePort,
  type ServerProcess,
  serverEnvironment,
  serverFolder,
  startServer,
  unprivileged,
} from './server.ts';

export interface PostgresServer extends ServerProcess {
  /** Of the database `postgres`, as its superuser. */
  readonly url: string;
  readonly port: number;
}

export interface PostgresOptions {
  /** Off by default, for speed; tests that kill the server need it. */
  readonly fsync?: boolean;
  /** With a password everybody needs it (SCRAM); without one everybody is trusted. */
  readonly password?: string;
  /** Offers TLS with this certificate and key. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Copies the server at this address, and goes on copying it. */
  readonly replicaOf?: string;
  /** Further settings of the server, e.g. `{ max_connections: '20' }`. */
  readonly settings?: Readonly<Record<string, string>>;
}

const SUPERUSER = 'postgres';
const PACKAGE = {
  packages: ['postgresql'],
  folders: ['/usr/lib/postgresql/*/bin', '/opt/homebrew/opt/postgresql*/bin'],
};

/** A real server of its own, which ends with the test or, given `node:test`'s `{ after }` at the top of a file, with the file. */
export async function startPostgres(ending: Ending, options: PostgresOptions = {}): Promise<PostgresServer> {
  const server = await launch(options);
  ending.after(() => server.stop());
  return server;
}

let shared: Promise<PostgresServer> | undefined;

/** One server for the whole test file, started on first use; it ends when the process of the file does. */
export function sharedPostgres(): Promise<PostgresServer> {
  shared ??= launch({});
  return shared;
}

let databases = 0;

/** The address of a new and empty database; it goes when its server does. */
export async function freshDatabase({ url }: Pick<PostgresServer, 'url'>): Promise<string> {
  databases += 1;
  const name = `fresh_${process.pid}_${databases}`;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  return fresh.href;
}

function launch(options: PostgresOptions): Promise<PostgresServer> {
  return onFreePort(async (port) => {
    const folder = serverFolder('postgres');
    const data = createCluster(folder, options);
    const settings = { ...options.settings, ...(options.tls !== undefined && tlsSettings(folder, options.tls)) };
    const secret = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}`;
    const url = `postgres://${SUPERUSER}${secret}@127.0.0.1:${port}/postgres`;
    const server = await startServer({
      folder,
      program: requireProgram({ name: 'postgres', ...PACKAGE }),
      argv: ['-D', data, ...flags(port, folder, { ...options, settings })],
      // "Immediate shutdown": no checkpoint, and nothing is left in shared memory.
      signal: 'SIGQUIT',
      isReady: () => answers(url),
    });
    return { ...server, url, port };
  });
}

function createCluster(folder: string, { password, replicaOf }: PostgresOptions): string {
  const data = path.join(folder, 'data');
  if (replicaOf !== undefined) {
    const argv = ['-D', data, '-d', replicaOf, '--write-recovery-conf', '--checkpoint=fast', '--no-sync'];
    const program = requireProgram({ name: 'pg_basebackup', ...PACKAGE });
    execFileSync(program, argv, { ...unprivileged(), cwd: folder, env: serverEnvironment(folder), stdio: 'pipe' });
    return data;
  }
  const passwordFile = path.join(folder, 'password');
  const auth = password === undefined ? 'trust' : 'scram-sha-256';
  if (password !== undefined) writeFileSync(passwordFile, password);
  const argv = ['-D', data, '-U', SUPERUSER, '-E', 'UTF8', '--locale=C', '--no-sync', `--auth=${auth}`];
  execFileSync(
    requireProgram({ name: 'initdb', ...PACKAGE }),
    password === undefined ? argv : [...argv, `--pwfile=${passwordFile}`],
    { ...unprivileged(), cwd: folder, env: serverEnvironment(folder), stdio: 'pipe' },
  );
  return data;
}

/** The server wants its key to be its own, and nobody else's to read. */
function tlsSettings(folder: string, tls: { readonly certificate: string; readonly key: string }) {
  const [certificate, key] = [path.join(folder, 'certificate.pem'), path.join(folder, 'key.pem')];
  copyFileSync(tls.certificate, certificate);
  copyFileSync(tls.key, key);
  chmodSync(key, 0o600);
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(key, uid, gid);
  return { ssl: 'on', ssl_cert_file: certificate, ssl_key_file: key };
}

function flags(port: number, folder: string, { fsync = false, settings = {} }: PostgresOptions): readonly string[] {
  const chosen: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    shared_buffers: '32MB',
    fsync: fsync ? 'on' : 'off',
    full_page_writes: fsync ? 'on' : 'off',
    synchronous_commit: fsync ? 'on' : 'off',
    ...settings,
  };
  return Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 2_000 });
  // A server that is still starting may drop the connection after the handshake.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
