import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RecordedEvent } from '../../src/contracts/events.ts';
import { SECOND_MS } from '../../src/kernel/clock.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { createEventStream } from '../../src/platform/sql/event-stream.ts';
import { deleteParkedBefore, listParked } from '../../src/platform/sql/parked-events.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { recordingLog } from '../support/silent-log.ts';

const announce = (db: Database, name: string) =>
  db.tx((tx) => tx.emit('token.revoked', { tokenId: 'tok_1', name, by: 'test', at: 1 }));
const nameOf = ({ payload }: RecordedEvent) => ('name' in payload ? payload.name : '');

for (const { engine, open } of ENGINES) {
  describe(`events that cannot be handled on ${engine}`, () => {
    const follow = (db: Database, clock: FakeClock, fails: (name: string, attempt: number) => Error | undefined) => {
      const log = recordingLog();
      const handled: string[] = [];
      let attempts = 0;
      const stream = createEventStream({ db, clock, log });
      stream.consume({
        name: 'reader',
        async handle(event) {
          attempts += 1;
          const error = fails(nameOf(event), attempts);
          if (error === undefined) handled.push(nameOf(event));
          if (error !== undefined) throw error;
        },
      });
      const attempted = async (count: number) =>
        eventually(async () => {
          if (attempts < count) await clock.advance(SECOND_MS);
          assert.ok(attempts >= count);
        });
      return { log, handled, stream, attempted };
    };
    test('one that always fails in the same way is put aside after a minute, and the next ones are heard', async (t) => {
      const db = await open(t);
      const clock = new FakeClock();
      for (const name of ['good', 'poison', 'after']) await announce(db, name);
      const reader = follow(db, clock, (name) => (name === 'poison' ? new Error('cannot be') : undefined));
      t.after(() => reader.stream.stop());

      await reader.attempted(6);
      assert.deepEqual(await listParked(db), [], 'not before a minute has passed');
      await eventually(async () => {
        await clock.advance(10 * SECOND_MS);
        assert.ok(reader.handled.includes('after'));
      });

      const [parked, ...others] = await listParked(db);
      assert.deepEqual(others, []);
      assert.deepEqual([parked?.consumer, parked?.name, parked?.error], ['reader', 'token.revoked', 'cannot be']);
      assert.ok(reader.log.lines.some(({ level, message }) => level === 'error' && /put aside/.test(message)));
      assert.equal(await db.quiet('test', (tx) => deleteParkedBefore(tx, clock.now() + 1)), 1);
    });

    test('one that fails in another way each time, or at last succeeds, is never put aside', async (t) => {
      const db = await open(t);
      const clock = new FakeClock();
      await announce(db, 'shaky');
      const reader = follow(db, clock, (name, attempt) =>
        name === 'shaky' && attempt < 9 ? new Error(`attempt ${attempt}`) : undefined,
      );
      t.after(() => reader.stream.stop());

      await eventually(async () => {
        await clock.advance(10 * SECOND_MS);
        assert.ok(reader.handled.includes('shaky'));
      });

      assert.deepEqual(reader.handled, ['shaky']);
      assert.deepEqual(await listParked(db), []);
    });
  });
}
