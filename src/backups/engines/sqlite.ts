import type { BackupEngine } from '../engine.ts';
import { dumpSqlite } from '../sqlite/dump.ts';
import { readThroughSqlite, restoreSqlite } from '../sqlite/restore.ts';

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
  dump: dumpSqlite,
  readThrough: readThroughSqlite,
  restore: (dump, into, _facts, io) => restoreSqlite(dump, into, io),
};
