import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createConnection } from 'mysql2/promise';
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

export interface MariadbServer extends ServerProcess {
  /** As a user `owner` who may do everything. */
  readonly url: string;
  readonly port: number;
  /** Runs statements as that user, one by one. */
  readonly run: (...statements: readonly string[]) => Promise<void>;
}

export interface MariadbOptions {
  /** Offers TLS with this certificate and key (files that anybody may read). */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Further lines under `[mariadbd]`, e.g. `max_connections = 20`. */
  readonly configuration?: readonly string[];
}

const PACKAGES = ['mariadb-server'];
const OWNER = 'owner';
const PASSWORD = 'p:a/s?s%';

/** A real server of its own, which ends with the test or, given `node:test`'s `{ after }` at the top of a file, with the file. */
export async function startMariadb(ending: Ending, options: MariadbOptions = {}): Promise<MariadbServer> {
  const program = requireProgram({ name: 'mariadbd', packages: PACKAGES, folders: ['/usr/sbin'] });
  const server = await onFreePort(async (port) => {
    const folder = serverFolder('mariadb');
    const file = configurationFile(folder, port, options);
    install(folder, file);
    const url = `mysql://${OWNER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/shop`;
    const started = await startServer({
      folder,
      program,
      argv: [`--defaults-file=${file}`],
      signal: 'SIGKILL',
      isReady: () => answers(url),
    });
    return { ...started, url, port, run: (...statements: readonly string[]) => run(url, statements) };
  });
  ending.after(() => server.stop());
  return server;
}

function configurationFile(folder: string, port: number, { tls, configuration = [] }: MariadbOptions): string {
  const file = path.join(folder, 'my.cnf');
  const secure = tls === undefined ? ['skip-ssl'] : [`ssl-cert = ${tls.certificate}`, `ssl-key = ${tls.key}`];
  const lines = [
    '[mariadbd]',
    `datadir = ${path.join(folder, 'data')}`,
    `socket = ${path.join(folder, 's')}`,
    `pid-file = ${path.join(folder, 'pid')}`,
    `init-file = ${path.join(folder, 'init.sql')}`,
    `port = ${port}`,
    'bind-address = 127.0.0.1',
    'skip-name-resolve',
    'innodb_buffer_pool_size = 16M',
    'innodb_log_file_size = 4M',
    'innodb_flush_log_at_trx_commit = 0',
    'key_buffer_size = 1M',
    'aria_pagecache_buffer_size = 1M',
    ...secure,
    ...configuration,
    '',
  ];
  writeFileSync(file, lines.join('\n'), { mode: 0o644 });
  const owner = `'${OWNER}'@'127.0.0.1'`;
  const sql = [
    `create user if not exists ${owner} identified by '${PASSWORD}';`,
    `grant all on *.* to ${owner} with grant option;`,
    'create database if not exists shop;',
    '',
  ];
  writeFileSync(path.join(folder, 'init.sql'), sql.join('\n'), { mode: 0o644 });
  return file;
}

function install(folder: string, file: string): void {
  const program = requireProgram({ name: 'mariadb-install-db', packages: PACKAGES });
  const argv = [`--defaults-file=${file}`, '--skip-test-db', '--auth-root-authentication-method=normal'];
  execFileSync(program, argv, { ...unprivileged(), cwd: folder, env: serverEnvironment(folder), stdio: 'pipe' });
}

async function run(uri: string, statements: readonly string[]): Promise<void> {
  const connection = await createConnection({ uri });
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    await run(url, ['select 1']);
    return true;
  } catch {
    return false;
  }
}
