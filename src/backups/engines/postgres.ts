import type { BackupEngine, RestoreCommands } from '../engine.ts';
import type { DumpFacts } from '../format/backup-manifest.ts';
import { majorIn } from '../postgres/programs.ts';

/** What it works with is loaded when a backup is due, not when a server starts. */
export const postgres: BackupEngine = {
  type: 'postgres',
  summary: 'Dumps one PostgreSQL database with pg_dump, at one instant, and loads it with pg_restore.',
  testedAgainst: 'PostgreSQL 15',
  contents: 'a pg_dump archive in custom format',
  restoreCommands,
  dump: async (source, io) => (await import('../postgres/dump.ts')).dumpPostgres(source, io),
  readThrough: async (dump, io) => (await import('../postgres/read-through.ts')).readThrough(dump, io),
  restore: async (...loading) => (await import('../postgres/restore.ts')).restorePostgres(...loading),
};

/** Roles are not in a dump of one database: what they may do is left out, or nothing could be loaded elsewhere. */
function restoreCommands({ server }: DumpFacts): RestoreCommands {
  return {
    packages: [`postgresql-client-${majorIn(server)}`],
    target: 'the address of an empty database, e.g. postgres://user@host/name',
    commands: ['pg_restore --exit-on-error --no-owner --no-privileges --dbname="$TARGET" "$DUMP"'],
  };
}
