import type { Migration } from '../../src/contracts/database.ts';

export const KILL_CONSUMER = 'kill-test';

/** What the victim writes, and what its consumer made of the events. `seq` gives the order of the handling. */
export interface KillTables {
  kill_written: { name: string };
  kill_seen: { name: string };
}

export const killMigration: Migration = {
  id: 'platform/9999-kill-test',
  up: {
    sqlite: [
      'create table kill_written (name text primary key)',
      'create table kill_seen (seq integer primary key autoincrement, name text not null)',
    ],
    postgres: [
      'create table kill_written (name text primary key)',
      'create table kill_seen (seq bigint generated always as identity primary key, name text not null)',
    ],
  },
  down: ['drop table kill_seen', 'drop table kill_written'],
};
