import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryDatabase } from '../../test/support/databases.ts';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { silentLog } from '../../test/support/silent-log.ts';
import { DAY_MS } from '../kernel/clock.ts';
import { readOutbox, START } from '../platform/sql/outbox.ts';
import { housekeeping } from './housekeeping.ts';

test('every area forgets what is older than 90 days, events with it, and refusals after 30', async (t) => {
  const clock = new FakeClock();
  const db = await memoryDatabase(t);
  const old = { app: 'shop', digest: '', services: 0, monitors: 0, at: 0 };
  await db.tx((tx) => tx.emit('manifest.applied', old));
  // The database of the tests stamps events with the real time, which is long after that of the fake clock.
  await clock.advance(Date.now() - clock.now() + 91 * DAY_MS);
  const asked: string[] = [];
  const forgets = (what: string) => async (before: number) => {
    asked.push(`${what} ${(clock.now() - before) / DAY_MS}`);
    return 1;
  };
  const job = housekeeping({
    db,
    clock,
    log: silentLog,
    monitoring: {
      async tidy() {
        asked.push('results');
        return 1;
      },
    },
    alerting: { prune: forgets('alerts') },
    delivery: { prune: forgets('messages') },
    audit: { forgetStrangers: forgets('refusals') },
  });

  await job.handle({}, { signal: new AbortController().signal } as never);

  assert.deepEqual(asked, ['results', 'alerts 90', 'messages 90', 'refusals 30']);
  assert.deepEqual((await readOutbox(db, START, 10)).events, []);
});
