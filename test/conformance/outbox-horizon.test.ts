import assert from 'node:assert/strict';
import test, { after, type TestContext } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import pg from 'pg';
import { migrations } from '../../src/app/migrations.ts';
import type { Position, RecordedEvent } from '../../src/contracts/events.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { createEventStream, type EventStream } from '../../src/platform/sql/event-stream.ts';
import { migrateUp } from '../../src/platform/sql/migrate.ts';
import { endOfOutbox, hasHiddenEvents, readOutbox, type Source, START } from '../../src/platform/sql/outbox.ts';
import { openPostgres } from '../../src/platform/sql/postgres.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, startPostgres } from '../support/servers/postgres.ts';
import { silentLog } from '../support/silent-log.ts';

const ALL = 10_000;

// Autovacuum writes as well, and would hold events back for an instant at a time of its own.
const server = startPostgres({ after }, { settings: { max_prepared_transactions: '4', autovacuum: 'off' } });

test('A writer in another database holds nothing back', async (t) => {
  const { db, stream, elsewhere } = await twoDatabases(t);
  const [other, younger] = [await elsewhere(), await elsewhere()];
  await other.query('begin; select pg_current_xact_id()');
  await younger.query('begin; select pg_current_xact_id(); commit');

  await announce(db, 'a');

  assert.deepEqual(await namesIn(db), ['a']);
  assert.equal(await hasHiddenEvents(db, await endOfOutbox(db)), false);
  assert.deepEqual(await db.quiet('test', namesIn), ['a']);
  const seen = consume(stream);
  await eventually(() => assert.deepEqual(seen, ['a']));
});

test('A transaction prepared in another database holds nothing back, one in the same does', async (t) => {
  const { db, here, elsewhere } = await twoDatabases(t);
  const [other, same] = [await elsewhere(), await here()];
  await other.query("begin; select pg_current_xact_id(); prepare transaction 'elsewhere'");
  await announce(db, 'a');

  assert.deepEqual(await namesIn(db), ['a']);
  await same.query('begin');
  await write(same, 'prepared');
  await same.query("prepare transaction 'here'");
  await announce(db, 'b');
  assert.deepEqual(await namesIn(db), ['a']);

  await same.query("commit prepared 'here'");
  assert.deepEqual(await namesIn(db), ['a', 'prepared', 'b']);
});

test('A writer in the same database holds back what is younger, and the order is kept', async (t) => {
  const { db, here, elsewhere } = await twoDatabases(t);
  const [other, same] = [await elsewhere(), await here()];
  await other.query('begin; select pg_current_xact_id()');
  await announce(db, 'first');
  // It is the transaction that bounds, not the younger one within it that a savepoint is.
  await same.query('begin; savepoint first');
  await write(same, 'old');
  await announce(db, 'young');

  assert.deepEqual(await namesIn(db), ['first']);
  const end = await endOfOutbox(db);
  assert.equal(await hasHiddenEvents(db, end), true);
  await same.query('release savepoint first; commit');

  assert.deepEqual(await namesIn(db, end), ['old', 'young']);
});

test('A transaction reads nothing beyond itself, because it may still announce something', async (t) => {
  const { db, elsewhere } = await twoDatabases(t);
  await announce(db, 'before');
  const young = await elsewhere();

  const names = await db.tx(async (tx) => {
    await sql`insert into outbox (name, payload, at)
      values ('token.revoked', ${JSON.stringify(revoked('own'))}, 1)`.execute(tx.of());
    await young.query('begin; select pg_current_xact_id(); commit');
    await tx.emit('token.revoked', revoked('at its end'));
    return namesIn(tx);
  });

  assert.deepEqual(names, ['before']);
  assert.deepEqual(await namesIn(db), ['before', 'own', 'at its end']);
});

test('A transaction that reads twice, or sees the same all along, skips nothing', async (t) => {
  const { db, here, elsewhere } = await twoDatabases(t);
  const [other, same, young] = [await elsewhere(), await here(), await here()];
  for (const isolation of ['read committed', 'repeatable read', 'serializable']) {
    await db.quiet('test', async (tx) => {
      await sql.raw(`set transaction isolation level ${isolation}`).execute(tx.of());
      await other.query('begin; select pg_current_xact_id()');
      const before = await namesIn(tx);
      await same.query('begin');
      await write(same, `old ${isolation}`);
      await other.query('commit; begin; select pg_current_xact_id()');
      await write(young, `young ${isolation}`);

      assert.deepEqual(await namesIn(tx), before);
      await same.query('commit');
      await other.query('commit');
    });
    assert.deepEqual((await namesIn(db)).slice(-2), [`old ${isolation}`, `young ${isolation}`]);
  }
});

test('Whatever writers do in whatever order, each event is read once, and as soon as no older one can come', async (t) => {
  const { db, here, elsewhere } = await twoDatabases(t);
  const sessions = [await here(), await here(), await here(), await elsewhere(), await elsewhere()];
  const OURS = 3;
  const action = fc.record({
    session: fc.nat(sessions.length - 1),
    does: fc.constantFrom('write', 'write', 'savepoint', 'back', 'commit', 'commit', 'rollback'),
  });
  let count = 0;

  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 40, size: 'max' }), async (actions) => {
      const open = new Map<number, { readonly written: string[]; savepoint?: number }>();
      const committed: string[] = [];
      const read: string[] = [];
      const start = await endOfOutbox(db);
      let position = start;
      for (const { session, does } of actions) {
        await act(session, does);
        await readOn();
      }
      for (const session of open.keys()) await act(session, 'commit');
      await readOn();
      assert.deepEqual(read, await namesIn(db, start));
      assert.deepEqual(read.toSorted(), committed.toSorted());

      async function act(session: number, does: string): Promise<void> {
        const client = sessions[session];
        assert.ok(client);
        const transaction = open.get(session);
        if (transaction === undefined) {
          if (does !== 'write') return;
          await client.query('begin; select pg_current_xact_id()');
          open.set(session, { written: [] });
        } else if (does === 'commit' || does === 'rollback') {
          await client.query(does);
          open.delete(session);
          if (does === 'commit') committed.push(...transaction.written);
        } else if (does === 'savepoint') {
          await client.query('savepoint here');
          transaction.savepoint = transaction.written.length;
        } else if (does === 'back' && transaction.savepoint !== undefined) {
          await client.query('rollback to savepoint here');
          transaction.written.length = transaction.savepoint;
        } else if (session < OURS) {
          count += 1;
          transaction.written.push(`event ${count}`);
          await write(client, `event ${count}`);
        }
      }

      async function readOn(): Promise<void> {
        const page = await readOutbox(db, position, ALL);
        position = page.next;
        read.push(...namesOf(page.events));
        const isOursOpen = [...open.keys()].some((session) => session < OURS);
        if (!isOursOpen) assert.equal(read.length, committed.length);
        assert.equal(await hasHiddenEvents(db, position), read.length < committed.length);
      }
    }),
    { numRuns: 60 },
  );
});

test('Many writers that commit at random, in two databases at once, have no event skipped, repeated or reordered', async (t) => {
  const { db, stream, here, elsewhere } = await twoDatabases(t);
  const WRITERS = 12;
  const EACH = 300;
  const seen = consume(stream);
  const heard = await listen(stream);
  const writing = new AbortController();
  const noise = Array.from({ length: 4 }, async () => {
    const other = await elsewhere();
    while (!writing.signal.aborted) await other.query(`begin; select pg_current_xact_id(); ${aWhile(20)}; commit`);
  });
  // What is written past our code wakes nobody; this does, and so the readers look at every moment of the others.
  const ticks = Array.from({ length: 2 }, async (_, ticker) => {
    let count = 0;
    for (; !writing.signal.aborted; count += 1) await announce(db, `tick ${ticker}/${count}`);
    return count;
  });

  const written = await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const client = await here();
      const committed: string[] = [];
      for (let index = 0; index < EACH; index += 1) {
        const name = `${writer}/${index}`;
        await client.query(`begin; select pg_current_xact_id(); ${index % 3 === 0 ? aWhile(10) : ''}`);
        await client.query('savepoint one');
        await write(client, name);
        if (index % 7 === 0) await client.query('rollback to savepoint one');
        if (index % 5 === 0) await client.query(aWhile(10));
        await client.query(index % 11 === 0 ? 'rollback' : 'commit');
        if (index % 7 !== 0 && index % 11 !== 0) committed.push(name);
      }
      return committed;
    }),
  );
  writing.abort();
  await Promise.all(noise);
  const [one = 0, two = 0] = await Promise.all(ticks);
  await announce(db, 'the end');

  await eventually(() => assert.deepEqual([seen.at(-1), heard.at(-1)], ['the end', 'the end']));
  assert.equal(seen.length, written.flat().length + one + two + 1);
  assert.deepEqual(seen, await namesIn(db));
  assert.deepEqual(heard, seen);
  for (const [writer, names] of written.entries()) {
    assert.deepEqual(
      seen.filter((name) => name.startsWith(`${writer}/`)),
      names,
    );
  }
});

/** Ours, as a role that may nothing beyond its own database, and another one on the same server. */
async function twoDatabases(t: TestContext) {
  const { url } = await server;
  const [ours, theirs] = [new URL(await freshDatabase({ url })), new URL(await freshDatabase({ url }))];
  [ours.username, theirs.username] = [`role_of${ours.pathname.slice(1)}`, `role_of${theirs.pathname.slice(1)}`];
  const admin = await connect(t, url);
  await admin.query(`create role ${ours.username} login; create role ${theirs.username} login`);
  await admin.query(`alter database ${ours.pathname.slice(1)} owner to ${ours.username}`);
  const db = await openPostgres({ url: new Secret(ours.href, 'test database'), log: silentLog, now: () => Date.now() });
  const stream = createEventStream({ db, clock: systemClock, log: silentLog });
  t.after(async () => {
    await stream.stop();
    await db.close();
  });
  await migrateUp(db, migrations, Date.now());
  return { db, stream, here: () => connect(t, ours.href), elsewhere: () => connect(t, theirs.href) };
}

async function connect(t: TestContext, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  t.after(() => client.end());
  return client;
}

function consume(stream: EventStream): string[] {
  const names: string[] = [];
  stream.consume({ name: 'all', handle: async (event) => void names.push(...namesOf([event])) });
  return names;
}

async function listen(stream: EventStream): Promise<string[]> {
  const names: string[] = [];
  await stream.listen((event) => void names.push(...namesOf([event])));
  return names;
}

async function namesIn(source: Source, behind: Position = START): Promise<string[]> {
  return namesOf((await readOutbox(source, behind, ALL)).events);
}

function namesOf(events: readonly RecordedEvent[]): string[] {
  return events.map(({ payload }) => ('name' in payload ? payload.name : ''));
}

function announce(db: Database, name: string): Promise<void> {
  return db.tx((tx) => tx.emit('token.revoked', revoked(name)));
}

async function write(client: pg.Client, name: string): Promise<void> {
  const values = ['token.revoked', JSON.stringify(revoked(name)), 1];
  await client.query('insert into outbox (name, payload, at) values ($1, $2, $3)', values);
}

function aWhile(msMax: number): string {
  return `select pg_sleep(random() * ${msMax / 1_000})`;
}

function revoked(name: string) {
  return { tokenId: 'tok_1', name, by: 'test', at: 1 };
}
