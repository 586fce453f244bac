import type { Readable } from 'node:stream';
import type { ProgramUser } from '../../kernel/exec.ts';
import type { EngineIo } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import type { PostgresAddress } from './address.ts';
import { complaintOf } from './complaint.ts';
import { credentialsFor } from './credentials.ts';
import { feed } from './feed.ts';
import { handFile } from './handed-file.ts';
import type { PostgresProgram } from './programs.ts';

export interface Loading {
  readonly tool: PostgresProgram;
  readonly target: PostgresAddress;
  /** For people. */
  readonly where: string;
  readonly user: ProgramUser;
  readonly args: readonly string[];
  /** What of the dump is loaded, as `pg_restore --use-list` reads it; all of it when left out. */
  readonly list?: readonly string[];
}

/** Owners are left out: everything belongs to the role that loads it. */
const ARGS = ['--exit-on-error', '--no-owner', '--no-tablespaces', '--no-password'];

/** Resolves when `pg_restore` said that all is in; rejects with `BACKUP_RESTORE_FAILED`, or the error of the dump. */
export async function load(dump: Readable, loading: Loading, io: EngineIo): Promise<void> {
  const { tool, target, where, user, list } = loading;
  await using credentials = await credentialsFor(target, user, io);
  const args = [...ARGS, ...loading.args, `--dbname=dbname=${conninfoValue(target.database)}`];
  if (list !== undefined) {
    const file = await handFile(credentials.folder, 'list', list.map((line) => `${line}\n`).join(''));
    args.push(`--use-list=${file}`);
  }
  const program = io.exec.run({ program: tool.file, args, env: credentials.env, user, signal: io.signal });
  const end = await feed(dump, program);
  io.signal.throwIfAborted();
  if (end.code !== 0) throw errors.BACKUP_RESTORE_FAILED({ where, cause: complaintOf(end) });
}

function conninfoValue(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}
