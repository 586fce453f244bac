import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Tx } from '../../src/contracts/database.ts';
import { ENGINES, memoryDatabase } from '../support/databases.ts';

interface Tables {
  note: { id: number; text: string };
}

const OPENERS = [...ENGINES, { engine: 'SQLite in memory', open: memoryDatabase }] as const;

for (const { engine, open } of OPENERS) {
  describe(`database on ${engine}`, () => {
    test('keeps what was committed and nothing of what failed', async (t) => {
      const db = await openWithNotes(t);

      await db.quiet('test', (tx) => insert(tx, 1));
      await assert.rejects(
        db.quiet('test', async (tx) => {
          await insert(tx, 2);
          throw new Error('power cut');
        }),
        /power cut/,
      );

      assert.deepEqual(await ids(db), [1]);
    });

    test('keeps the first error when the rollback has nothing to take back any more', async (t) => {
      const db = await openWithNotes(t);

      await assert.rejects(
        db.quiet('test', async (tx) => {
          await insert(tx, 1);
          await insert(tx, 1);
        }),
        /unique/i,
      );

      await db.quiet('test', (tx) => insert(tx, 3));
      assert.deepEqual(await ids(db), [3]);
    });

    test('never calls a transaction committed that the database took back', async (t) => {
      const db = await openWithNotes(t);

      const outcome = await db
        .quiet('test', async (tx) => {
          await insert(tx, 1);
          // A failed statement spoils the whole transaction on PostgreSQL, also for whoever ignores it.
          await insert(tx, 1).catch(() => undefined);
        })
        .then(
          () => [1],
          () => [],
        );

      assert.deepEqual(await ids(db), outcome);
    });

    test('never calls a unit of work done that the engine has given up', async (t) => {
      const db = await openWithNotes(t);

      const work = db.quiet('test', async (tx) => {
        await insert(tx, 1);
        await insert(tx, 1).catch(() => undefined);
      });

      // SQLite takes back the statement that failed, PostgreSQL everything.
      if (db.engine === 'sqlite') await work;
      else await assert.rejects(work, { code: 'SQL_TX_SPOILT' });
      assert.deepEqual(await ids(db), db.engine === 'sqlite' ? [1] : []);
    });

    test('shows other tasks nothing of a transaction that is still running', async (t) => {
      const db = await openWithNotes(t);
      const { promise: seen, resolve: look } = Promise.withResolvers<void>();

      const writing = db.quiet('test', async (tx) => {
        await insert(tx, 1);
        look();
        await delay(20);
      });
      await seen;
      const during = ids(db);
      await writing;

      // In memory the reader waits for its turn; elsewhere it does not see the row. Neither sees half of the work.
      assert.ok([0, 1].includes((await during).length));
      assert.deepEqual(await ids(db), [1]);
    });

    test('stores any text, also what an engine cannot, and what is written together with it', async (t) => {
      const db = await openWithNotes(t);
      const texts = ['plain', 'with a \0', 'half of a \ud83d'];

      await db.quiet('test', (tx) =>
        tx.append(
          'note',
          ['id', 'text'],
          texts.map((text, id) => [id, text]),
        ),
      );
      for (const [id, text] of texts.entries()) {
        const row = { id: 10 + id, text };
        await db.quiet('test', async (tx) => void (await tx.of<Tables>().insertInto('note').values(row).execute()));
      }

      assert.deepEqual(await ids(db), [0, 1, 2, 10, 11, 12]);
      await db.of<Tables>().selectFrom('note').selectAll().where('text', '=', 'with a \0').execute();
    });

    test('refuses the database inside its own transaction instead of waiting for ever', async (t) => {
      const db = await openWithNotes(t);

      await assert.rejects(
        db.quiet('test', async () => ids(db)),
        { code: 'SQL_INSIDE_OWN_TX' },
      );
      await assert.rejects(
        db.quiet('test', async () => db.quiet('inner', (tx) => insert(tx, 1))),
        { code: 'SQL_INSIDE_OWN_TX' },
      );
    });

    test('lets a task that was started inside use the database once the transaction has ended', async (t) => {
      const db = await openWithNotes(t);
      let later: Promise<number[]> | undefined;

      await db.quiet('test', async (tx) => {
        await insert(tx, 1);
        later = delay(10).then(() => ids(db));
      });

      assert.deepEqual(await later, [1]);
    });

    test('refuses a transaction that has ended', async (t) => {
      const db = await openWithNotes(t);
      let kept: Tx | undefined;

      await db.quiet('test', async (tx) => {
        kept = tx;
      });

      assert.ok(kept);
      await assert.rejects(insert(kept, 1), { code: 'SQL_TX_ENDED' });
      await assert.rejects(kept.append('note', ['id', 'text'], [[1, 'late']]), { code: 'SQL_TX_ENDED' });
    });

    test('counts the rows that a compare-and-set changed', async (t) => {
      const db = await openWithNotes(t);
      await db.quiet('test', (tx) => insert(tx, 1));

      const set = (from: string, to: string) =>
        db.quiet('test', async (tx) => {
          const query = tx.of<Tables>().updateTable('note').set({ text: to }).where('text', '=', from);
          return (await query.executeTakeFirst()).numUpdatedRows;
        });
      const outcomes = await Promise.all([set('note 1', 'a'), set('note 1', 'b')]);

      assert.deepEqual(new Set(outcomes), new Set([0n, 1n]));
    });

    test('appends many rows at once and skips those it has', async (t) => {
      const db = await openWithNotes(t);
      const rows = Array.from({ length: 5_000 }, (_, index) => [index, `note ${index} "quoted" \\ ü`] as const);

      await db.quiet('test', (tx) => tx.append('note', ['id', 'text'], rows.slice(0, 3)));
      await db.quiet('test', (tx) => tx.append('note', ['id', 'text'], rows));

      assert.equal((await ids(db)).length, 5_000);
      const last = await db.of<Tables>().selectFrom('note').select('text').where('id', '=', 4_999).executeTakeFirst();
      assert.equal(last?.text, 'note 4999 "quoted" \\ ü');
    });

    test('reads times and counts as numbers', async (t) => {
      const db = await openWithNotes(t);
      const at = Date.parse('2026-11-20T00:00:00Z');
      await db.quiet('test', (tx) => insert(tx, at));

      assert.deepEqual(await ids(db), [at]);
    });

    test('keeps what may be written soon like everything else, and announces nothing', async (t) => {
      const db = await open(t);
      let isAnnounced = false;
      db.onAnnounced(() => {
        isAnnounced = true;
      });
      const waits = async (tx: Tx) => {
        const settings = { sqlite: sql`pragma synchronous`, postgres: sql`show synchronous_commit` };
        const { rows } = await settings[db.engine].execute(tx.of());
        return String(Object.values(Object(rows[0]))[0]);
      };

      const soon = await db.soon('a test', waits);
      const later = await db.quiet('a test', waits);

      // Of SQLite 1 is normal and 2 is full; servers of tests never wait for their disks.
      if (db.engine === 'sqlite') assert.deepEqual([soon, later], ['1', '2']);
      else assert.equal(soon, 'off');
      assert.equal(isAnnounced, false);
    });

    test('answers a ping', async (t) => {
      await (await open(t)).ping();
    });

    async function openWithNotes(t: Parameters<typeof open>[0]) {
      const db = await open(t);
      await db.quiet('test', async (tx) => {
        await tx
          .of()
          .schema.createTable('note')
          .addColumn('id', 'bigint', (c) => c.primaryKey())
          .addColumn('text', 'text')
          .execute();
      });
      return db;
    }
  });
}

async function insert(tx: Tx, id: number): Promise<void> {
  await tx
    .of<Tables>()
    .insertInto('note')
    .values({ id, text: `note ${id}` })
    .execute();
}

async function ids(db: Awaited<ReturnType<typeof memoryDatabase>>): Promise<number[]> {
  return (await db.of<Tables>().selectFrom('note').select('id').orderBy('id').execute()).map(({ id }) => id);
}
