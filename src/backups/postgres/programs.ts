import type { EngineIo } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import { outputOf } from '../program-output.ts';

export interface PostgresProgram {
  readonly name: ProgramName;
  readonly file: string;
  /** E.g. `15.14`. */
  readonly version: string;
  readonly major: number;
}

export interface Wanted {
  /** The oldest major version that will do, and the best. */
  readonly major: number;
  /** What it is needed for, to follow `that` or `but`. */
  readonly purpose: string;
}

/** Which of Debian's packages brings it; followed by the major version. */
const PACKAGES = {
  pg_dump: 'postgresql-client',
  pg_restore: 'postgresql-client',
  initdb: 'postgresql',
  postgres: 'postgresql',
} as const;
type ProgramName = keyof typeof PACKAGES;

/** Debian, Red Hat, Alpine, Homebrew. `/usr/bin/pg_dump` of Debian is a script that guesses which one is meant. */
const FOLDERS = [
  '/usr/lib/postgresql/{v}/bin',
  '/usr/pgsql-{v}/bin',
  '/usr/libexec/postgresql{v}',
  '/opt/homebrew/opt/postgresql@{v}/bin',
];

/**
 * Of the same major version where it is installed: what a newer `pg_dump` writes, an older server may refuse. Else the
 * newest; one that is older than the server cannot read it.
 */
export async function postgresProgram(name: ProgramName, wanted: Wanted, io: EngineIo): Promise<PostgresProgram> {
  const exact = await find(name, String(wanted.major), io);
  const program = exact?.major === wanted.major ? exact : await find(name, '*', io);
  const about = { program: name, purpose: wanted.purpose, package: `${PACKAGES[name]}-${wanted.major}` };
  if (program === undefined) throw errors.BACKUP_PROGRAM_MISSING(about);
  if (program.major >= wanted.major) return program;
  throw errors.BACKUP_PROGRAM_TOO_OLD({ ...about, version: program.version, wanted: wanted.major });
}

export interface InstalledProgram {
  readonly name: string;
  /** Null when it is not on this machine. */
  readonly version: string | null;
  /** Debian's package that brings it. */
  readonly package: string;
  /** Only proving a backup by a restore takes it. */
  readonly isForProof: boolean;
}

/** What this machine has of the programs that these engines take. */
export async function programsOf(
  engines: readonly string[],
  io: Pick<EngineIo, 'exec' | 'signal'>,
): Promise<readonly InstalledProgram[]> {
  if (!engines.includes('postgres')) return [];
  const names = ['pg_dump', 'pg_restore', 'initdb', 'postgres'] as const;
  return Promise.all(
    names.map(async (name) => {
      const found = await find(name, '*', io);
      const isForProof = PACKAGES[name] === 'postgresql';
      return { name, version: found?.version ?? null, package: PACKAGES[name], isForProof };
    }),
  );
}

/** The major version in `PostgreSQL 15.14` or `pg_dump 15.14`. */
export function majorIn(description: string): number {
  return Number(/\d+/.exec(description)?.[0] ?? 0);
}

async function find(
  name: ProgramName,
  version: string,
  io: Pick<EngineIo, 'exec' | 'signal'>,
): Promise<PostgresProgram | undefined> {
  const folders = FOLDERS.map((folder) => folder.replace('{v}', version));
  const file = await io.exec.find(name, folders);
  if (file === undefined) return undefined;
  const asked = io.exec.run({ program: file, args: ['--version'], signal: io.signal });
  // E.g. `pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
  const { output } = await outputOf(asked);
  io.signal.throwIfAborted();
  const found = /\(PostgreSQL\) (?<version>\d+\S*)/.exec(output)?.groups?.['version'];
  return found === undefined ? undefined : { name, file, version: found, major: majorIn(found) };
}
