import type { BackupEngine } from '../engine.ts';

/** What it works with is loaded when a backup is due, not when a server starts. */
export const sqlite: BackupEngine = {
  type: 'sqlite',
  summary: 'Copies a SQLite database with its online backup, at one instant, while it is in use.',
  testedAgainst: 'SQLite 3.53',
  contents: 'a SQLite database file',
  restoreCommands: () => ({
    packages: ['sqlite3'],
    target: 'the path of a file that does not exist yet, nor one with -wal or -journal behind that name',
    commands: ['cp "$DUMP" "$TARGET"', 'sqlite3 "$TARGET" \'pragma integrity_check\''],
  }),
  dump: async (source, io) => (await import('../sqlite/dump.ts')).dumpSqlite(source, io),
  readThrough: async (dump, io) => (await import('../sqlite/restore.ts')).readThroughSqlite(dump, io),
  restore: async (dump, into, _facts, io) => (await import('../sqlite/restore.ts')).restoreSqlite(dump, into, io),
};
