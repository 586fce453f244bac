import { MINUTE_MS } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { ProgramEnd } from '../../kernel/exec.ts';
import type { Dump, EngineIo, Source } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import type { DumpFacts, TableCount } from '../format/backup-manifest.ts';
import { type PostgresAddress, postgresAddressOf } from './address.ts';
import { complaintOf } from './complaint.ts';
import { credentialsFor } from './credentials.ts';
import { type PostgresProgram, postgresProgram } from './programs.ts';
import { countRows } from './row-counts.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';

const COUNTING_MS_MAX = 2 * MINUTE_MS;

/**
 * Never `--enable-row-security`: it would leave out silently what the role may not see. A table that somebody keeps
 * locked fails the dump, rather than to make everybody behind it wait.
 */
const ARGS = ['--format=custom', '--compress=0', '--no-password', '--lock-wait-timeout=60s'];

/** Counts rows in the very snapshot that is dumped, while it is dumped. */
export async function dumpPostgres(source: Source, io: EngineIo): Promise<Dump> {
  const address = postgresAddressOf(source.url);
  await using stack = new AsyncDisposableStack();
  const snapshot = stack.use(await takeSnapshot(address, io));
  const major = Number.parseInt(snapshot.version, 10);
  const tool = await postgresProgram('pg_dump', { major, purpose: `a backup of ${source.service}` }, io);
  const credentials = stack.use(await credentialsFor(address, 'us', io));

  const args = [...ARGS, `--snapshot=${snapshot.id}`];
  const program = io.exec.run({ program: tool.file, args, env: credentials.env, signal: io.signal });
  const counting = countWithinBudget(snapshot, io);
  const held = stack.move();
  const finished = finish({ source, address, snapshot, tool, counting, ended: program.ended, held, io });
  // Whoever reads the stream first and then looks here must not find the process gone.
  finished.catch(() => undefined);
  return { stream: program.stdout, finished };
}

interface UnderWay {
  readonly source: Source;
  readonly address: PostgresAddress;
  readonly snapshot: Snapshot;
  readonly tool: PostgresProgram;
  readonly counting: Promise<readonly TableCount[]>;
  readonly ended: Promise<ProgramEnd>;
  /** All that has to go afterwards. */
  readonly held: AsyncDisposableStack;
  readonly io: EngineIo;
}

async function finish(work: UnderWay): Promise<DumpFacts> {
  try {
    return await factsOf(work);
  } finally {
    await work.held.disposeAsync();
  }
}

async function factsOf({ source, address, snapshot, tool, counting, ended, io }: UnderWay): Promise<DumpFacts> {
  const end = await ended;
  io.signal.throwIfAborted();
  const fail = (cause: string) =>
    errors.BACKUP_DUMP_FAILED({ service: source.service, cause: redacted(cause, address) });
  if (end.code !== 0) throw fail(complaintOf(end));
  try {
    return { ...describe(snapshot, tool, address), tables: [...(await counting)] };
  } catch (error) {
    throw fail(`its rows could not be counted: ${messageOf(error)}`);
  }
}

function describe(snapshot: Snapshot, tool: PostgresProgram, { database }: PostgresAddress): Omit<DumpFacts, 'tables'> {
  return {
    server: `PostgreSQL ${snapshot.version}`,
    tool: `${tool.name} ${tool.version}`,
    command: [tool.name, ...ARGS],
    database,
    extensions: [...snapshot.extensions],
  };
}

function countWithinBudget({ connection }: Snapshot, { clock }: EngineIo): Promise<readonly TableCount[]> {
  const startedAt = clock.ticks();
  const counting = countRows(connection, () => startedAt + COUNTING_MS_MAX - clock.ticks());
  // Nobody asks for it when the dump itself has failed.
  counting.catch(() => undefined);
  return counting;
}

function redacted(text: string, { password }: PostgresAddress): string {
  return password.reveal() === '' ? text : text.replaceAll(password.reveal(), '***');
}
