import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../../src/platform/sql/database.ts';
import { freshDatabase, startPostgres } from '../support/servers/postgres.ts';

/** Where victims live; `prepare` says where an empty database is. */
export const PLACES = [
  { engine: 'SQLite', prepare: sqliteFile },
  { engine: 'PostgreSQL', prepare: async (t: TestContext) => freshDatabase(await startPostgres(t)) },
];

async function sqliteFile(t: TestContext): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-kill-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'kill.db');
}

/** How long a victim lives: until it has acknowledged so much, and then for a while. */
export interface Life {
  readonly lines?: number;
  readonly ms: number;
}

/** Starts a victim of this folder, lets it work, kills it; returns what it had acknowledged until then. */
export async function liveAndDie(victim: string, argv: readonly string[], life: Life): Promise<string[]> {
  const { lines = 0, ms } = life;
  const script = path.join(import.meta.dirname, victim);
  const child = spawn(process.execPath, [script, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const said: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const read = once(reader, 'close');
  const enough = Promise.withResolvers<void>();
  // The first thing it says is that it is ready.
  reader.on('line', (line) => {
    if (said.push(line) > lines) enough.resolve();
  });

  await Promise.race([enough.promise, exited.then(() => assert.fail('The victim died by itself.'))]);
  await delay(ms);
  child.kill('SIGKILL');
  await Promise.all([exited, read]);
  return said.slice(1);
}

/** What was committed, whether or not the victim lived to acknowledge it. */
export async function writtenNames(db: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kill_written`.execute(db.of());
  return rows.map(({ name }) => name);
}

export function missing(wanted: readonly string[], found: readonly string[]): string[] {
  const have = new Set(found);
  return wanted.filter((name) => !have.has(name));
}
