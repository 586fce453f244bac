import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { ProgramEnd, RunningProgram } from '../../kernel/exec.ts';
import { Secret } from '../../kernel/secret.ts';
import type { EngineIo } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import type { PostgresAddress } from './address.ts';
import { complaintOf } from './complaint.ts';
import { connect, literal, quoted } from './connection.ts';
import { makeExtensions } from './extensions.ts';
import { handFile } from './handed-file.ts';
import { type PostgresProgram, postgresProgram, type Wanted } from './programs.ts';

/** A server for one restore: nobody else can reach it, and nothing of it is left afterwards. */
export interface ScratchServer extends AsyncDisposable {
  /** The database to load into, as a role that owns it and can do nothing else. */
  readonly target: PostgresAddress;
  /** E.g. `PostgreSQL 15.14`. */
  readonly server: string;
  /** Schemas that are in it already, for extensions. */
  readonly schemas: readonly string[];
}

export interface ScratchOptions {
  /** Of the server the dump is from. */
  readonly major: number;
  readonly extensions: readonly string[];
}

const SUPERUSER = 'evenkeel_scratch';
const LOADER = 'evenkeel_loader';
const DATABASE = 'restored';
const PORT = 5432;
const PASSWORD_BYTES = 24;
const READY_MS_MAX = 60 * SECOND_MS;
const LOOK_EVERY_MS = 20;

/**
 * By password even through a socket that is in a folder of its own: code inside of the dump runs within the server,
 * and could otherwise connect back as the superuser.
 */
const ACCESS = `local ${DATABASE} ${LOADER} scram-sha-256\nlocal all ${SUPERUSER} scram-sha-256\n`;
const ACCESS_FILE = 'access.conf';

/** It may forget everything when the power fails. Shared memory in files: containers have too little of the other. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: String(PORT),
  unix_socket_permissions: '0700',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '1GB',
  autovacuum: 'off',
  max_connections: '10',
  shared_buffers: '64MB',
  maintenance_work_mem: '128MB',
  dynamic_shared_memory_type: 'mmap',
  logging_collector: 'off',
};

export async function startScratchServer({ major, extensions }: ScratchOptions, io: EngineIo): Promise<ScratchServer> {
  const wanted = { major, purpose: 'a restore into a scratch database' };
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await io.exec.folder('nobody')).path;
  const password = new Secret(io.ids.secret(PASSWORD_BYTES), 'password of the scratch server');
  const data = path.join(folder, 'data');
  await createCluster({ folder, data, password, wanted }, io);
  const { server, program } = await startServer({ folder, data, wanted }, io);
  stack.defer(async () => void (await server.stop()));
  await untilReady(server, data, io);

  const superuser = addressOf(folder, SUPERUSER, password, 'postgres');
  const target = addressOf(
    folder,
    LOADER,
    new Secret(io.ids.secret(PASSWORD_BYTES), 'password of the loader'),
    DATABASE,
  );
  const schemas = await prepare(superuser, target, extensions, io);
  const held = stack.move();
  return {
    target,
    server: `PostgreSQL ${program.version}`,
    schemas,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

interface Cluster {
  readonly folder: string;
  readonly data: string;
  readonly password: Secret;
  readonly wanted: Wanted;
}

async function createCluster({ folder, data, password, wanted }: Cluster, io: EngineIo): Promise<void> {
  const { file } = await postgresProgram('initdb', wanted, io);
  const passwordFile = await handFile(folder, 'password', password.reveal());
  await handFile(folder, ACCESS_FILE, ACCESS);
  const args = ['-D', data, '-U', SUPERUSER, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions'];
  const env = { TZ: 'UTC' };
  const initdb = io.exec.run({ program: file, args: [...args, ...locale], env, user: 'nobody', signal: io.signal });
  initdb.stdout.resume();
  const end = await initdb.ended;
  if (end.code !== 0) throw failure(end, io);
  await rm(passwordFile);
}

async function startServer({ folder, data, wanted }: Omit<Cluster, 'password'>, io: EngineIo) {
  const program: PostgresProgram = await postgresProgram('postgres', wanted, io);
  const settings = { ...SETTINGS, unix_socket_directories: folder, hba_file: path.join(folder, ACCESS_FILE) };
  const server = io.exec.run({
    program: program.file,
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    env: { TZ: 'UTC' },
    user: 'nobody',
    // "Immediate shutdown": what it holds is thrown away anyway.
    stopSignal: 'SIGQUIT',
    signal: io.signal,
  });
  server.stdout.resume();
  return { server, program };
}

async function untilReady(server: RunningProgram, data: string, io: EngineIo): Promise<void> {
  let end: ProgramEnd | undefined;
  const noteEnd = async () => {
    end = await server.ended;
  };
  void noteEnd();
  const giveUpAt = io.clock.ticks() + READY_MS_MAX;
  while (!(await isReady(data))) {
    if (end !== undefined) throw failure(end, io);
    if (io.clock.ticks() > giveUpAt) throw failure(await server.stop(), io);
    await io.clock.sleep(LOOK_EVERY_MS, io.signal);
  }
}

/** As `pg_ctl` does: asking the server itself would fill its log with refusals. */
async function isReady(data: string): Promise<boolean> {
  const lines = await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  return /^ready\s*$/m.test(lines);
}

/** The last time that the superuser is in the database: from here on it may contain functions of anybody. */
async function prepare(
  superuser: PostgresAddress,
  target: PostgresAddress,
  extensions: readonly string[],
  io: EngineIo,
): Promise<readonly string[]> {
  const role = quoted(target.user);
  {
    await using connection = await connect(superuser, io.signal);
    await connection.query(`create role ${role} login password ${literal(target.password.reveal())}`);
    await connection.query(`create database ${quoted(target.database)} owner ${role} template template0`);
  }
  await using connection = await connect({ ...superuser, database: target.database }, io.signal);
  const schemas = await makeExtensions(connection, extensions, target.user);
  const wrappers = await connection.query('select fdwname as name from pg_catalog.pg_foreign_data_wrapper');
  for (const { name } of wrappers) {
    await connection.query(`grant usage on foreign data wrapper ${quoted(String(name))} to ${role}`);
  }
  return schemas;
}

function addressOf(folder: string, user: string, password: Secret, database: string): PostgresAddress {
  return { host: folder, port: PORT, user, password, database, tls: { mode: 'disable' } };
}

function failure(end: ProgramEnd, io: EngineIo): unknown {
  io.signal.throwIfAborted();
  return errors.BACKUP_SCRATCH_FAILED({ cause: complaintOf(end) });
}
