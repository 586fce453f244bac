import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import * as z from 'zod';
import { Secret } from '../../src/kernel/secret.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { openPostgres } from '../../src/platform/sql/postgres.ts';
import { openSqlite } from '../../src/platform/sql/sqlite.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, startPostgres } from '../support/servers/postgres.ts';
import { silentLog } from '../support/silent-log.ts';
import { seededRandom, sweepSize } from '../support/sweep.ts';
import { sendingTo } from './kill-deliveries.ts';

const KILLS = sweepSize({ sample: 6, whole: 100 });
const LIVES_MS_MAX = 400;
/** Leases of the dead run out, and what failed is tried a few more times. */
const DRAINED_WITHIN_MS = 180_000;
const now = () => Date.now();

const PLACES = [
  { engine: 'SQLite', prepare: sqliteFile },
  { engine: 'PostgreSQL', prepare: postgresDatabase },
];

for (const { engine, prepare } of PLACES) {
  test(`${KILLS} times kill -9 between a change and its message on ${engine}: each arrives, in order, repeats with the same id`, async (t) => {
    const random = seededRandom(t);
    const receiver = await startReceiver(t, random);
    const { where, open } = await prepare(t);
    const acknowledged: string[] = [];

    for (let life = 0; life < KILLS; life += 1) {
      acknowledged.push(...(await liveAndDie([where, String(life), receiver.url], random() * LIVES_MS_MAX)));
    }

    receiver.behave();
    const db = await open();
    await sendTheRest(db, receiver.url);
    const written = await namesIn(db);
    const taken = receiver.arrivals.filter(({ status }) => status === 200);
    const repeats = receiver.arrivals.length - new Set(receiver.arrivals.map(({ name }) => name)).size;
    await db.close();

    t.diagnostic(`${written.length} written, ${receiver.arrivals.length} arrivals, ${repeats} repeats, ${KILLS} lives`);
    assert.ok(acknowledged.length > KILLS, 'the victims did next to nothing; the test proves nothing');
    assert.deepEqual(missing(acknowledged, new Set(written)), [], 'acknowledged, but not there');
    assert.deepEqual(missing(written, new Set(taken.map(({ name }) => name))), [], 'written, but never taken');
    assert.deepEqual(
      missing(
        [...receiver.arrivals].map(({ name }) => name),
        new Set(written),
      ),
      [],
      'never written',
    );
    assert.deepEqual(withSeveralIds(receiver.arrivals), [], 'repeated with another id');
    assert.deepEqual(
      outOfOrder(receiver.arrivals),
      [],
      'before the one before it was taken, or after the one after it',
    );
  });
}

interface Arrival {
  readonly id: string;
  readonly name: string;
  readonly thread: string;
  readonly index: number;
  readonly status: number;
}

const Body = z.object({ data: z.object({ name: z.string(), thread: z.string(), index: z.int() }) });

/** Says no now and then, or takes a message and dies before it says so. */
async function startReceiver(t: TestContext, random: () => number) {
  const arrivals: Arrival[] = [];
  let isBehaving = false;
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, arrivals, behave: () => void (isBehaving = true) };

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Whoever is killed half-way through its request has not said anything.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const { data } = Body.parse(JSON.parse(body));
    const mood = isBehaving ? 1 : random();
    const status = mood < 0.05 ? 503 : 200;
    arrivals.push({ ...data, id: String(request.headers['webhook-id']), status });
    await delay(isBehaving ? 0 : random() * 20);
    if (mood > 0.05 && mood < 0.1) request.socket.destroy();
    else response.writeHead(status).end();
  }
}

/** Starts a victim, lets it work for a while, kills it; returns what it had acknowledged until then. */
async function liveAndDie(argv: readonly string[], ms: number): Promise<string[]> {
  const script = path.join(import.meta.dirname, 'delivery-victim.ts');
  const child = spawn(process.execPath, [script, ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
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

/** What the last victim left behind, as the next start would send it. */
async function sendTheRest(db: Database, receiver: string): Promise<void> {
  const delivery = sendingTo(receiver, db);
  delivery.start();
  await eventually(async () => {
    // Looking through everything takes a while itself; the workers should get on with it meanwhile.
    await delay(200);
    const states = await sql<{ state: string }>`select distinct state from delivery`.execute(db.of());
    assert.deepEqual(states.rows, [{ state: 'delivered' }]);
  }, DRAINED_WITHIN_MS);
  await delivery.stop();
}

async function namesIn(db: Database): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kill_written`.execute(db.of());
  return rows.map(({ name }) => name);
}

function missing(wanted: readonly string[], found: ReadonlySet<string>): string[] {
  return wanted.filter((name) => !found.has(name));
}

function withSeveralIds(arrivals: readonly Arrival[]): string[] {
  const byName = Map.groupBy(arrivals, ({ name }) => name);
  return [...byName].filter(([, same]) => new Set(same.map(({ id }) => id)).size > 1).map(([name]) => name);
}

/** In a thread nothing comes before what precedes it was taken, nor again after what follows it has come. */
function outOfOrder(arrivals: readonly Arrival[]): string[] {
  const latest = new Map<string, Arrival>();
  const takenNames = new Set<string>();
  const wrong: string[] = [];
  for (const arrival of arrivals) {
    const before = latest.get(arrival.thread);
    const isNext = before !== undefined && arrival.index > before.index;
    if (before !== undefined && arrival.index < before.index) wrong.push(arrival.name);
    if (isNext && !takenNames.has(before.name)) wrong.push(arrival.name);
    if (arrival.status === 200) takenNames.add(arrival.name);
    latest.set(arrival.thread, arrival);
  }
  return wrong;
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
