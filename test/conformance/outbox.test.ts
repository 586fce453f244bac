import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Tx } from '../../src/contracts/database.ts';
import type { RecordedEvent } from '../../src/contracts/events.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { createEventStream } from '../../src/platform/sql/event-stream.ts';
import { pruneOutbox, readOutbox, START } from '../../src/platform/sql/outbox.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { recordingLog } from '../support/silent-log.ts';

for (const { engine, open } of ENGINES) {
  describe(`outbox on ${engine}`, () => {
    test('hands out events in the order in which they were committed', async (t) => {
      const db = await open(t);
      for (const name of ['a', 'b', 'c']) await announce(db, name);

      assert.deepEqual(namesOf((await readOutbox(db, START, 10)).events), ['a', 'b', 'c']);
    });

    test('knows nothing of an event whose unit of work failed', async (t) => {
      const db = await open(t);

      await assert.rejects(
        db.tx(async (tx) => {
          await tx.emit('token.revoked', revoked('a'));
          throw new Error('power cut');
        }),
      );

      assert.deepEqual((await readOutbox(db, START, 10)).events, []);
    });

    test('gives a consumer every event of many concurrent writers, once and in order of each writer', async (t) => {
      const db = await open(t);
      const { events, stop } = consume(db, 'all');
      const WRITERS = 16;
      const EACH = 25;

      await Promise.all(
        Array.from({ length: WRITERS }, async (_, writer) => {
          for (let index = 0; index < EACH; index += 1) {
            await db.tx(async (tx) => {
              await tx.emit('token.revoked', revoked(`${writer}/${index}`));
              // Some transactions last longer than others that began after them.
              if (db.engine !== 'postgres' || index % 5 !== 0) return;
              await takePlace(tx);
              await sql`select pg_sleep(0.01)`.execute(tx.of());
            });
          }
        }),
      );
      await eventually(() => assert.equal(events.length, WRITERS * EACH));
      await stop();

      for (let writer = 0; writer < WRITERS; writer += 1) {
        const own = namesOf(events).filter((name) => name.startsWith(`${writer}/`));
        assert.deepEqual(
          own,
          Array.from({ length: EACH }, (_, index) => `${writer}/${index}`),
        );
      }
    });

    test('hides what was committed behind an older transaction until that one has ended', async (t) => {
      const db = await open(t);
      if (db.engine === 'sqlite') return assert.equal((await readOutbox(db, START, 1)).events.length, 0);
      const { promise: oldHasWritten, resolve: written } = Promise.withResolvers<void>();
      const { promise: young, resolve: youngIsDone } = Promise.withResolvers<void>();
      const old = db.tx(async (tx) => {
        await tx.emit('token.revoked', revoked('old'));
        await takePlace(tx);
        written();
        await young;
      });
      await oldHasWritten;
      await announce(db, 'young');

      assert.deepEqual(namesOf((await readOutbox(db, START, 10)).events), []);
      youngIsDone();
      await old;

      assert.deepEqual(namesOf((await readOutbox(db, START, 10)).events), ['old', 'young']);
    });

    test('commits a consumer’s rows and its place together: a failed handler is asked again', async (t) => {
      const db = await open(t);
      await announce(db, 'a');
      let tries = 0;
      const stream = createEventStream({ db, clock: systemClock, log: recordingLog() });
      t.after(() => stream.stop());

      stream.consume({
        name: 'flaky',
        async handle(event, tx) {
          if (namesOf([event])[0] !== 'a') return;
          tries += 1;
          await tx.emit('token.revoked', revoked(`reaction ${tries}`));
          if (tries === 1) throw new Error('not now');
        },
      });

      await eventually(async () => {
        assert.deepEqual(namesOf((await readOutbox(db, START, 3)).events), ['a', 'reaction 2']);
      });
      await stream.stop();
    });

    test('spares a new consumer what is older than it wants to hear, and an old one nothing', async (t) => {
      const db = await open(t);
      for (const name of ['last year', 'last month', 'a moment ago']) await announce(db, name);
      const lastMonth = (await readOutbox(db, START, 2)).events.at(-1);
      const seq = Number(lastMonth?.position.split('/')[1]);
      await db.quiet('test', (tx) => sql`update outbox set at = 1 where seq <= ${seq}`.execute(tx.of()));

      const young = consume(db, 'young', 60_000);
      await eventually(() => assert.deepEqual(namesOf(young.events), ['a moment ago']));
      await young.stop();
      await db.quiet('test', (tx) => sql`update outbox set at = 1`.execute(tx.of()));
      await announce(db, 'now');
      const again = consume(db, 'young', 60_000);
      t.after(() => again.stop());

      await eventually(() => assert.deepEqual(namesOf(again.events), ['now']));
    });

    test('tells a listener what comes, and nothing of what was', async (t) => {
      const db = await open(t);
      await announce(db, 'before');
      const stream = createEventStream({ db, clock: systemClock, log: recordingLog() });
      t.after(() => stream.stop());
      const heard: RecordedEvent[] = [];

      await stream.listen((event) => void heard.push(event));
      await announce(db, 'after');

      await eventually(() => assert.deepEqual(namesOf(heard), ['after']));
    });

    test('skips an event of a newer version and says so', async (t) => {
      const db = await open(t);
      await db.quiet('test', async (tx) => {
        await sql`insert into outbox (name, payload, at) values ('future.invented', '{}', 1)`.execute(tx.of());
      });
      await announce(db, 'known');
      const { events, log, stop } = consume(db, 'downgraded');

      await eventually(() => assert.deepEqual(namesOf(events), ['known']));
      await stop();

      assert.equal(log.lines.filter(({ level }) => level === 'warn').length, 1);
    });

    test('prunes what everybody has seen, and nothing else', async (t) => {
      const db = await open(t);
      await announce(db, 'a');
      const { events, stop } = consume(db, 'slow');
      await eventually(() => assert.equal(events.length, 1));
      await stop();
      await announce(db, 'b');

      const pruned = await db.quiet('test', (tx) => pruneOutbox(tx, Number.MAX_SAFE_INTEGER));

      assert.equal(pruned, 1);
      assert.deepEqual(namesOf((await readOutbox(db, START, 10)).events), ['b']);
    });

    test('goes on after a prune where it was', async (t) => {
      const db = await open(t);
      await announce(db, 'a');
      const first = consume(db, 'reader');
      await eventually(() => assert.equal(first.events.length, 1));
      await first.stop();
      await db.quiet('test', (tx) => pruneOutbox(tx, Number.MAX_SAFE_INTEGER));
      await announce(db, 'b');

      const second = consume(db, 'reader');
      await eventually(() => assert.deepEqual(namesOf(second.events), ['b']));
      await delay(20);
      await second.stop();

      assert.deepEqual(namesOf(second.events), ['b']);
    });
  });
}

function consume(db: Database, name: string, hearsBackMs?: number) {
  const log = recordingLog();
  const stream = createEventStream({ db, clock: systemClock, log });
  const events: RecordedEvent[] = [];
  stream.consume({
    name,
    ...(hearsBackMs !== undefined && { hearsBackMs }),
    handle: async (event) => void events.push(event),
  });
  return { events, log, stop: () => stream.stop() };
}

/** On PostgreSQL a transaction gets its place among the others with its first write; this is the smallest one. */
async function takePlace(tx: Tx): Promise<void> {
  await sql`select pg_current_xact_id()`.execute(tx.of());
}

function announce(db: Database, name: string): Promise<void> {
  return db.tx((tx) => tx.emit('token.revoked', revoked(name)));
}

function revoked(name: string) {
  return { tokenId: 'tok_1', name, by: 'test', at: 1 };
}

function namesOf(events: readonly RecordedEvent[]): string[] {
  return events.map(({ payload }) => ('name' in payload ? payload.name : ''));
}
