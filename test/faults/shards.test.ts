import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { databaseProxy } from '../support/database-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, startPostgres } from '../support/servers/postgres.ts';
import { sweepSize } from '../support/sweep.ts';
import { openAt } from './kill-database.ts';
import { assertKeptRhythm, assertNotAskedTwice, changesOf, statesOf, storedChecks } from './shard-evidence.ts';
import { shared, startTarget } from './shard-target.ts';
import { createWorkers, MONITORS, monitorName, RHYTHM, TAKEOVER_MS_MAX } from './shard-workers.ts';

const ROUNDS = sweepSize({ sample: 1, whole: 5 });
const BROKEN = Array.from({ length: 8 }, (_, index) => monitorName(index));

test(`three processes share the checks; one is cut off, one killed, one suspended for 10 s, ${ROUNDS} times`, async (t) => {
  const { databaseUrl, target, workers } = await setUp(t);
  const way = await databaseProxy(t, databaseUrl);
  const local = { databaseUrl, target: `127.0.0.1:${target.port}` };
  const [suspended, _cutOff] = await Promise.all([
    workers.start('suspended', local),
    workers.start('cut-off', { ...local, databaseUrl: way.url }),
  ]);

  for (let round = 0; round < ROUNDS; round += 1) {
    const killed = await workers.start(`killed-${round}`, local);
    await shared(target, ['suspended', 'cut-off', `killed-${round}`]);

    // A cable that is pulled says nothing; a server that goes says so. The first takes longer to get over.
    if (round % 2 === 1) way.freeze();
    else way.cut();
    await delay(10_000);
    way.mend();
    await shared(target, ['suspended', 'cut-off', `killed-${round}`]);

    target.breakDown(BROKEN);
    killed.child.kill('SIGKILL');
    await delay(TAKEOVER_MS_MAX);
    await shared(target, ['suspended', 'cut-off']);

    suspended.child.kill('SIGSTOP');
    await delay(10_000);
    target.breakDown([]);
    suspended.child.kill('SIGCONT');
    await shared(target, ['suspended', 'cut-off']);
  }

  const db = await openAt(databaseUrl);
  t.after(() => db.close());
  // What waits for a connection that says nothing is written half a minute later.
  await eventually(async () => assert.ok((await changesOf(db)) >= MONITORS + 2 * BROKEN.length * ROUNDS), 60_000);
  const checks = await storedChecks(db);
  assertKeptRhythm(checks, MONITORS, RHYTHM);
  const again = assertNotAskedTwice(target.arrivals, checks, RHYTHM);
  t.diagnostic(
    `${target.arrivals.length} looks, ${checks.length} stored, ${again} made again because nothing came of them`,
  );
  const states = await statesOf(db);
  for (let index = 0; index < MONITORS; index += 1) {
    const name = monitorName(index);
    const outage = BROKEN.includes(name) ? Array.from({ length: ROUNDS }, () => ['down', 'up']).flat() : [];
    assert.deepEqual(states.get(name), ['up', ...outage], name);
  }
});

async function setUp(t: TestContext) {
  const target = await startTarget(t);
  const workers = createWorkers(t);
  const databaseUrl = await freshDatabase(await startPostgres(t));
  return { target, workers, databaseUrl };
}
