import type { Readable } from 'node:stream';
import type { BackupEngine, EngineIo, RestoreCommands } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import type { DumpFacts } from '../format/backup-manifest.ts';
import { complaintOf } from '../postgres/complaint.ts';
import { dumpPostgres } from '../postgres/dump.ts';
import { feed } from '../postgres/feed.ts';
import { majorIn, postgresProgram } from '../postgres/programs.ts';
import { restorePostgres } from '../postgres/restore.ts';

export const postgres: BackupEngine = {
  type: 'postgres',
  summary: 'Dumps one PostgreSQL database with pg_dump, at one instant, and loads it with pg_restore.',
  testedAgainst: 'PostgreSQL 15',
  contents: 'a pg_dump archive in custom format',
  restoreCommands,
  dump: dumpPostgres,
  readThrough,
  restore: restorePostgres,
};

/** Roles are not in a dump of one database: what they may do is left out, or nothing could be loaded elsewhere. */
function restoreCommands({ server }: DumpFacts): RestoreCommands {
  return {
    packages: [`postgresql-client-${majorIn(server)}`],
    target: 'the address of an empty database, e.g. postgres://user@host/name',
    commands: ['pg_restore --exit-on-error --no-owner --no-privileges --dbname="$TARGET" "$DUMP"'],
  };
}

/** Writes the SQL it would run into nothing: that takes reading and unpacking every table. `--list` would not. */
async function readThrough(dump: Readable, io: EngineIo): Promise<void> {
  const tool = await postgresProgram('pg_restore', { major: 0, purpose: 'reading a backup to its end' }, io);
  const args = ['--file=/dev/null'];
  const program = io.exec.run({ program: tool.file, args, user: 'nobody', signal: io.signal });
  const end = await feed(dump, program);
  io.signal.throwIfAborted();
  if (end.code !== 0) throw errors.BACKUP_DUMP_UNREADABLE({ tool: 'pg_restore', cause: complaintOf(end) });
}
