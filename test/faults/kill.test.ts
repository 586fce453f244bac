import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { Secret } from '../../src/kernel/secret.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { createEventStream } from '../../src/platform/sql/event-stream.ts';
import { openPostgres } from '../../src/platform/sql/postgres.ts';
import { openSqlite } from '../../src/platform/sql/sqlite.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, startPostgres } from '../support/servers/postgres.ts';
import { silentLog } from '../support/silent-log.ts';
import { seededRandom, sweepSize } from '../support/sweep.ts';
import { KILL_CONSUMER, type KillTables } from './kill-schema.ts';

const KILLS = sweepSize({ sample: 8, whole: 200 });
const LIVES_MS_MAX = 250;
const now = () => Date.now();

const PLACES = [
  { engine: 'SQLite', prepare: sqliteFile },
  { engine: 'PostgreSQL', prepare: postgresDatabase },
];

for (const { engine, prepare } of PLACES) {
  test(`${KILLS} times kill -9 under load on ${engine}: nothing acknowledged is lost, no event is skipped or moved`, async (t) => {
    const random = seededRandom(t);
    const { where, open } = await prepare(t);
    const acknowledged: string[] = [];

    for (let life = 0; life < KILLS; life += 1) {
      acknowledged.push(...(await liveAndDie(where, life, random() * LIVES_MS_MAX)));
    }

    const db = await open();
    await consumeTheRest(db);
    const written = await namesIn(db, 'kill_written');
    const announced = await announcedNames(db);
    const seen = await namesIn(db, 'kill_seen');
    await db.close();

    t.diagnostic(`${acknowledged.length} acknowledged, ${written.length} written in ${KILLS} lives`);
    assert.ok(acknowledged.length > KILLS, 'the victims did next to nothing; the test proves nothing');
    assert.deepEqual(missing(acknowledged, written), [], 'acknowledged, but not there');
    assert.deepEqual(announced.toSorted(), written.toSorted(), 'a row and its event did not commit together');
    assert.deepEqual(seen, announced, 'the consumer skipped, repeated or reordered an event');
  });
}

/** Starts a victim, lets it work for a while, kills it; returns what it had acknowledged until then. */
async function liveAndDie(where: string, life: number, ms: number): Promise<string[]> {
  const script = path.join(import.meta.dirname, 'writer.ts');
  const child = spawn(process.execPath, [script, where, String(life)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const read = once(reader, 'close');
  const ready = Promise.withResolvers<void>();
  reader.on('line', (line) => (line === 'ready' ? ready.resolve() : lines.push(line)));

  await Promise.race([ready.promise, exited.then(() => assert.fail('The victim died before it began.'))]);
  await delay(ms);
  child.kill('SIGKILL');
  await Promise.all([exited, read]);
  return lines;
}

/** What the last victim left unread, as the next start would read it. */
async function consumeTheRest(db: Database): Promise<void> {
  const stream = createEventStream({ db, clock: systemClock, log: silentLog });
  stream.consume({
    name: KILL_CONSUMER,
    async handle(event, tx) {
      if (event.name !== 'token.revoked') return;
      await tx.of<KillTables>().insertInto('kill_seen').values({ name: event.payload.name }).execute();
    },
  });
  await eventually(async () => {
    // Looking through everything takes a while itself; the consumer should get on with it meanwhile.
    await delay(200);
    assert.equal((await namesIn(db, 'kill_seen')).length, (await announcedNames(db)).length);
  }, 120_000);
  await stream.stop();
}

async function namesIn(db: Database, table: 'kill_written' | 'kill_seen'): Promise<string[]> {
  const order = table === 'kill_seen' ? sql`order by seq` : sql``;
  const query = sql<{ name: string }>`select name from ${sql.table(table)} ${order}`;
  return (await query.execute(db.of())).rows.map(({ name }) => name);
}

/** In the order every reader must see. */
async function announcedNames(db: Database): Promise<string[]> {
  const order = db.engine === 'sqlite' ? sql`seq` : sql`xid, seq`;
  const query = sql<{ payload: string }>`select payload from outbox order by ${order}`;
  return (await query.execute(db.of())).rows.map(({ payload }) => JSON.parse(payload).name);
}

function missing(wanted: readonly string[], found: readonly string[]): string[] {
  const have = new Set(found);
  return wanted.filter((name) => !have.has(name));
}

async function sqliteFile(t: TestContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-kill-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const where = path.join(folder, 'kill.db');
  return { where, open: async () => openSqlite({ path: where, now }) };
}

async function postgresDatabase(t: TestContext) {
  const where = await freshDatabase(await startPostgres(t));
  return { where, open: () => openPostgres({ url: new Secret(where, 'test database'), log: silentLog, now }) };
}
