import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryDatabase } from '../../../test/support/databases.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { silentLog } from '../../../test/support/silent-log.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import { createAnnouncer } from './announcing.ts';
import { createBook } from './book.ts';
import { startsOnce } from './planned-window.ts';

test('whoever tells wakes at the very beginning of a window, and when the calendar changes', async (t) => {
  const db = await memoryDatabase(t);
  const clock = new FakeClock();
  const book = createBook({ db, clock, environment: 'live', onChange: () => announcer.wake() });
  const announcer = createAnnouncer({ db, clock, log: silentLog, environment: 'live', book });
  t.after(() => announcer.stop());
  const told = async () =>
    (await db.of<{ outbox: { name: string } }>().selectFrom('outbox').select('name').execute()).length;
  const window = { name: 'work', title: 'Work', monitors: null, coversDependents: false, forMs: 7 * SECOND_MS };
  announcer.start();
  const startedAt = clock.now();

  // Nothing but the change itself can wake it: the clock stands still.
  book.apply([{ ...window, starts: startsOnce(startedAt) }], [{ name: 'db', dependsOn: [] }]);
  await eventually(async () => assert.equal(await told(), 1));
  await eventually(async () => {
    await clock.advance(SECOND_MS / 10);
    assert.equal(await told(), 2);
  });

  // Without knowing of the end it would have looked after fifteen seconds.
  assert.ok(clock.now() - startedAt < 12 * SECOND_MS);
});
