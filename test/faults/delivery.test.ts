import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { seededRandom, sweepSize } from '../support/sweep.ts';
import { openAt } from './kill-database.ts';
import { CHANNELS, drained, sendingTo } from './kill-deliveries.ts';
import { liveAndDie, missing, PLACES, writtenNames } from './kill-lives.ts';
import { ambiguous, namesOf, outOfOrder, startReceiver, takenNames } from './kill-receiver.ts';

const KILLS = sweepSize({ sample: 3, whole: 100 });
const LIVES_MS_MAX = 400;

const Body = z.object({ data: z.object({ name: z.string(), thread: z.string(), index: z.int() }) });

for (const { engine, prepare } of PLACES) {
  test(`${KILLS} times kill -9 between a change and its message on ${engine}: each arrives, in order, repeats with the same id`, async (t) => {
    const random = seededRandom(t);
    const receiver = await startReceiver(t, random, (body) => Body.parse(body).data);
    const where = await prepare(t);
    const acknowledged: string[] = [];

    for (let life = 0; life < KILLS; life += 1) {
      const argv = [where, String(life), receiver.url];
      acknowledged.push(...(await liveAndDie('delivery-victim.ts', argv, { ms: random() * LIVES_MS_MAX })));
    }

    receiver.behave();
    const db = await openAt(where);
    // What the last victim left behind, as the next start would send it.
    const delivery = sendingTo(receiver.url, db, CHANNELS);
    delivery.start();
    await drained(db);
    await delivery.stop();
    const written = await writtenNames(db);
    await db.close();

    const { arrivals } = receiver;
    const told = namesOf(arrivals);
    const repeats = told.length - new Set(told).size;
    t.diagnostic(`${written.length} written, ${told.length} arrivals, ${repeats} repeats, ${KILLS} lives`);
    assert.ok(acknowledged.length > KILLS, 'the victims did next to nothing; the test proves nothing');
    assert.deepEqual(missing(acknowledged, written), [], 'acknowledged, but not there');
    assert.deepEqual(missing(written, takenNames(arrivals)), [], 'written, but never taken');
    assert.deepEqual(missing(told, written), [], 'never written');
    assert.deepEqual(ambiguous(arrivals, 'name'), [], 'repeated with another id');
    assert.deepEqual(ambiguous(arrivals, 'id'), [], 'the id of two messages');
    assert.deepEqual(outOfOrder(arrivals), [], 'before the one before it was taken, or after the one after it');
  });
}
