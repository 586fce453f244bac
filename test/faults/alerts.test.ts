import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import * as z from 'zod';
import type { Database } from '../../src/platform/sql/database.ts';
import { seededRandom, sweepSize } from '../support/sweep.ts';
import { changeName, startTelling } from './kill-alerts.ts';
import { openAt } from './kill-database.ts';
import { drained } from './kill-deliveries.ts';
import { liveAndDie, missing, PLACES, writtenNames } from './kill-lives.ts';
import { ambiguous, namesOf, outOfOrder, startReceiver, type Told, takenNames } from './kill-receiver.ts';

const KILLS = sweepSize({ sample: 3, whole: 100 });
/** Counted in changes, so that a slow machine gets as far as a fast one; the rest puts the end between two of them. */
const LINES_MAX = 30;
const REST_MS_MAX = 50;

for (const { engine, prepare } of PLACES) {
  test(`${KILLS} times kill -9 between a state change and its message on ${engine}: every alert arrives, then its end, repeats with the same id`, async (t) => {
    const random = seededRandom(t);
    const receiver = await startReceiver(t, random, readAlert);
    const where = await prepare(t);
    const acknowledged: string[] = [];

    for (let life = 0; life < KILLS; life += 1) {
      const argv = [where, String(life), receiver.url];
      const length = { lines: Math.floor(random() * LINES_MAX), ms: random() * REST_MS_MAX };
      acknowledged.push(...(await liveAndDie('alert-victim.ts', argv, length)));
    }

    const toldMeanwhile = receiver.arrivals.length;
    receiver.behave();
    const db = await openAt(where);
    // What the last victim left behind, as the next start would tell it.
    const telling = await startTelling(db, receiver.url);
    await drained(db);
    await telling.stop();
    const written = await writtenNames(db);
    const kept = await keptNames(db);
    await db.close();

    const { arrivals } = receiver;
    const told = namesOf(arrivals);
    const repeats = told.length - new Set(told).size;
    t.diagnostic(
      `${written.length} changes, ${told.length} arrivals (${toldMeanwhile} between kills), ${repeats} repeats, ${KILLS} lives`,
    );
    assert.ok(acknowledged.length > KILLS, 'the victims did next to nothing; the test proves nothing');
    assert.ok(toldMeanwhile > 0, 'no victim lived long enough to tell anybody');
    assert.deepEqual(missing(acknowledged, written), [], 'acknowledged, but not there');
    assert.deepEqual(missing(written, takenNames(arrivals)), [], 'happened, but nobody was told');
    assert.deepEqual(missing(told, written), [], 'told, but it never happened');
    assert.deepEqual(ambiguous(arrivals, 'name'), [], 'told with several ids');
    assert.deepEqual(ambiguous(arrivals, 'id'), [], 'the id of two messages');
    assert.deepEqual(outOfOrder(arrivals), [], 'its end before it was taken, or again after its end');
    assert.deepEqual(kept.toSorted(), written.toSorted(), 'not one alert for each outage');
  });
}

const Body = z.object({
  type: z.enum(['alert.opened', 'alert.resolved']),
  data: z.object({ cause: z.string(), startedAt: z.string() }),
});

function readAlert(body: unknown): Told {
  const { type, data } = Body.parse(body);
  const startedAt = Date.parse(data.startedAt);
  const thread = `${data.cause}/${startedAt}`;
  return type === 'alert.opened'
    ? { name: changeName(data.cause, startedAt, 'opened'), thread, index: 0 }
    : { name: changeName(data.cause, startedAt, 'resolved'), thread, index: 1 };
}

/** Each alert by the changes it was made of, so that a second one for the same outage shows. */
async function keptNames(db: Database): Promise<string[]> {
  const query = sql<{ cause: string; openedAt: number; state: string }>`
    select cause, opened_at as "openedAt", state from alert`;
  const { rows } = await query.execute(db.of());
  return rows.flatMap(({ cause, openedAt, state }) => {
    const opened = changeName(cause, openedAt, 'opened');
    return state === 'open' ? [opened] : [opened, changeName(cause, openedAt, 'resolved')];
  });
}
