import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Database } from '../../src/platform/sql/database.ts';
import { createEventStream } from '../../src/platform/sql/event-stream.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { eventually } from '../support/eventually.ts';
import { silentLog } from '../support/silent-log.ts';
import { seededRandom, sweepSize } from '../support/sweep.ts';
import { openAt } from './kill-database.ts';
import { liveAndDie, missing, PLACES, writtenNames } from './kill-lives.ts';
import { KILL_CONSUMER, type KillTables } from './kill-schema.ts';

const KILLS = sweepSize({ sample: 8, whole: 200 });
const LIVES_MS_MAX = 250;

for (const { engine, prepare } of PLACES) {
  test(`${KILLS} times kill -9 under load on ${engine}: nothing acknowledged is lost, no event is skipped or moved`, async (t) => {
    const random = seededRandom(t);
    const where = await prepare(t);
    const acknowledged: string[] = [];

    for (let life = 0; life < KILLS; life += 1) {
      const ms = random() * LIVES_MS_MAX;
      acknowledged.push(...(await liveAndDie('writer.ts', [where, String(life)], { ms })));
    }

    const db = await openAt(where);
    await consumeTheRest(db);
    const written = await writtenNames(db);
    const announced = await announcedNames(db);
    const seen = await seenNames(db);
    await db.close();

    t.diagnostic(`${acknowledged.length} acknowledged, ${written.length} written in ${KILLS} lives`);
    assert.ok(acknowledged.length > KILLS, 'the victims did next to nothing; the test proves nothing');
    assert.deepEqual(missing(acknowledged, written), [], 'acknowledged, but not there');
    assert.deepEqual(announced.toSorted(), written.toSorted(), 'a row and its event did not commit together');
    assert.deepEqual(seen, announced, 'the consumer skipped, repeated or reordered an event');
  });
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
    assert.equal((await seenNames(db)).length, (await announcedNames(db)).length);
  }, 120_000);
  await stream.stop();
}

async function seenNames(db: Database): Promise<string[]> {
  const query = sql<{ name: string }>`select name from kill_seen order by seq`;
  return (await query.execute(db.of())).rows.map(({ name }) => name);
}

/** In the order every reader must see. */
async function announcedNames(db: Database): Promise<string[]> {
  const order = db.engine === 'sqlite' ? sql`seq` : sql`xid, seq`;
  const query = sql<{ payload: string }>`select payload from outbox order by ${order}`;
  return (await query.execute(db.of())).rows.map(({ payload }) => JSON.parse(payload).name);
}
