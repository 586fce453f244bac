import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { before, describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { databaseProxy } from '../support/database-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { freshDatabase, sharedPostgres } from '../support/servers/postgres.ts';
import { setReadOnly } from '../support/servers/read-only.ts';
import { sweepSize } from '../support/sweep.ts';
import {
  assertDated,
  assertKeptRate,
  assertNeverDown,
  eventsOf,
  historyOf,
  settled,
  statesIn,
} from './monitoring-evidence.ts';
import { EVERY_MS, siteNames, startWorld, TIMING, type World } from './monitoring-world.ts';
import { storedChecks } from './shard-evidence.ts';

const SITES = siteNames(10);
const [BACK, GONE] = ['site-0', 'site-1'];
const HEALTHY = SITES.slice(2);
const READ_ONLY_MS = sweepSize({ sample: 20_000, whole: 120_000 });
const SLOW_MS = sweepSize({ sample: 15_000, whole: 60_000 });
const STOPPED_MS = sweepSize({ sample: 15_000, whole: 45_000 });
const DEAD_MS = 8_000;
/** Two turns and some slack without a result: what was in between is unknown. */
const STALE_MS = 2 * EVERY_MS + 2_000;
/** A busy machine may be so late. */
const LATE_MS = 1_500;
const GAP_MS_MAX = EVERY_MS + LATE_MS;
/** What waited is written within a second of being possible; on a busy machine a little later. */
const TOLD_MS_MAX = 5_000;

void describe('while the machinery of monitoring fails', { concurrency: 3 }, () => {
  // Making a cluster holds up this process, and with it the sites.
  before(sharedPostgres);

  void test('a database that can only be read costs no check and no change, and has never happened afterwards', async (t) => {
    const databaseUrl = await freshDatabase(await sharedPostgres());
    const world = await startWorld(t, { sites: SITES, databaseUrl });

    await setReadOnly(databaseUrl, true);
    const outage = await breakFor(world, READ_ONLY_MS);
    assert.equal((await historyOf(world.db)).get(GONE)?.length, 1, 'it was stored: the test proves nothing');
    await setReadOnly(databaseUrl, false);

    assert.ok((await assertTold(t, world, outage)) <= TOLD_MS_MAX);
    assert.deepEqual(await eventsOf(world.db, 'coverage.lost'), [], 'everything was checked all the time');
  });

  void test('a database that takes seconds for everything costs no check and no change', async (t) => {
    const databaseUrl = await freshDatabase(await sharedPostgres());
    const way = await databaseProxy(t, databaseUrl);
    const world = await startWorld(t, { sites: SITES, databaseUrl, databaseWay: way.url });

    way.slow(1_500);
    const outage = await breakFor(world, SLOW_MS);
    way.mend();

    await assertTold(t, world, outage);
  });

  for (const engine of ['SQLite', 'PostgreSQL']) {
    void test(`a server on ${engine} that was suspended knows nothing of that time, blames nobody and catches nothing up`, async (t) => {
      const place = engine === 'SQLite' ? {} : { databaseUrl: await freshDatabase(await sharedPostgres()) };
      const { target, served, db } = await startWorld(t, { sites: SITES, ...place, siteAnswersAfterMs: 300 });
      const asked = target.arrivals.length;
      // All of them are asked within 200 ms, so that most checks are under way.
      await eventually(() => assert.ok(target.arrivals.length >= asked + SITES.length));

      served.child.kill('SIGSTOP');
      const stoppedAt = Date.now();
      await delay(STOPPED_MS);
      served.child.kill('SIGCONT');
      const resumedAt = Date.now();

      await settled(db, Object.fromEntries(SITES.map((name) => [name, ['up', 'unknown', 'up']])));
      await delay(2 * EVERY_MS);
      const history = await historyOf(db);
      for (const site of SITES) {
        const [, unknown, up] = history.get(site) ?? [];
        assertDated(unknown, stoppedAt - LATE_MS, EVERY_MS + LATE_MS);
        assertDated(up, resumedAt, 2 * EVERY_MS + LATE_MS);
        const looks = target.arrivals.filter(({ monitor, at }) => monitor === site && at >= resumedAt);
        const atOnce = looks.filter(({ at }) => at < resumedAt + EVERY_MS).length;
        assert.ok(atOnce <= 2, `${site} was asked ${atOnce} times at once`);
      }
      await assertNeverDown(db, SITES);
      assertKeptRate(target.arrivals, SITES, { from: resumedAt + EVERY_MS, to: Date.now() }, GAP_MS_MAX);
    });
  }

  for (const deadMs of [0, DEAD_MS]) {
    void test(`an outage in which the server is killed, and comes back after ${deadMs} ms, is one outage since when it began`, async (t) => {
      const { target, served, db, restart } = await startWorld(t, { sites: SITES });
      target.breakDown([GONE]);
      const brokenAt = Date.now();
      await settled(db, { [GONE]: ['up', 'down'] });
      await delay(EVERY_MS);

      served.child.kill('SIGKILL');
      await once(served.child, 'exit');
      const killedAt = Date.now();
      await delay(deadMs);
      await restart();
      const restartedAt = Date.now();
      await eventually(() => assert.ok(target.arrivals.filter(({ at }) => at > restartedAt).length > 2 * SITES.length));
      await delay(1_000);
      target.breakDown([]);
      const mendedAt = Date.now();

      // What was found in the last quarter of a second may have died with it.
      const looks = (await storedChecks(db)).filter(({ monitor }) => monitor === GONE).map(({ at }) => at);
      const lastBefore = Math.max(...looks.filter((at) => at < killedAt));
      const isUnknown = Math.min(...looks.filter((at) => at > killedAt)) - lastBefore > STALE_MS;
      const gap = isUnknown ? ['unknown', 'down'] : [];
      await settled(db, { [GONE]: ['up', 'down', ...gap, 'up'] });
      const changes = (await historyOf(db)).get(GONE) ?? [];
      assertDated(changes[1], brokenAt, EVERY_MS + LATE_MS);
      assertDated(changes.at(-1), mendedAt, EVERY_MS + LATE_MS);
      if (isUnknown) assert.equal(changes[2]?.at, lastBefore + EVERY_MS);
      else assert.equal(deadMs, 0);
      const told = (await eventsOf(db, 'monitor.state-changed')).filter(({ monitor }) => monitor === GONE);
      assert.deepEqual(
        told.map(({ to }) => to),
        statesIn(changes),
      );
      const opened = await eventsOf(db, 'alert.opened');
      assert.equal(opened.length, 1, JSON.stringify(opened));
      await assertNeverDown(db, [...HEALTHY, BACK]);
    });
  }

  void test('a host that accepts and never answers holds up none of 200 healthy sites of another', async (t) => {
    const port = await silentServer(t);
    const stuck = `  stuck: { http: "http://127.0.0.1:${port}/", ${TIMING} }`;
    const sites = siteNames(200);
    const { target, db } = await startWorld(t, { sites, more: [stuck] });
    const from = Date.now();
    await delay(5 * EVERY_MS);
    const gapMs = assertKeptRate(target.arrivals, sites, { from, to: Date.now() }, GAP_MS_MAX);
    t.diagnostic(`At most ${gapMs} ms between two looks at a healthy site.`);
    await settled(db, { stuck: ['down'] });
    await assertNeverDown(db, sites);
  });
});

interface Outage {
  readonly from: number;
  readonly brokenAt: number;
  readonly mendedAt: number;
}

/** Within this time two sites go down, and one of them comes back. */
async function breakFor({ target }: World, ms: number): Promise<Outage> {
  const from = Date.now();
  await delay(ms / 5);
  target.breakDown([BACK, GONE]);
  const brokenAt = Date.now();
  await delay(ms / 2);
  target.breakDown([GONE]);
  const mendedAt = Date.now();
  await delay(ms - ms / 5 - ms / 2);
  return { from, brokenAt, mendedAt };
}

/** Everything that happened is in the history with its date, and nothing else. Resolves with how long that took. */
async function assertTold(t: TestContext, { target, db }: World, outage: Outage): Promise<number> {
  const { from, brokenAt, mendedAt } = outage;
  const backAt = Date.now();
  await settled(db, { [BACK]: ['up', 'down', 'up'], [GONE]: ['up', 'down'] });
  const toldMs = Date.now() - backAt;
  await delay(2 * EVERY_MS);
  const gapMs = assertKeptRate(target.arrivals, SITES, { from, to: Date.now() }, GAP_MS_MAX);

  await settled(db, Object.fromEntries(HEALTHY.map((name) => [name, ['up']])));
  const history = await historyOf(db);
  const dates = [
    assertDated(history.get(BACK)?.[1], brokenAt, EVERY_MS + LATE_MS),
    assertDated(history.get(GONE)?.[1], brokenAt, EVERY_MS + LATE_MS),
    assertDated(history.get(BACK)?.[2], mendedAt, EVERY_MS + LATE_MS),
  ];
  await assertNeverDown(db, HEALTHY);
  t.diagnostic(`Told after ${toldMs} ms; at most ${gapMs} ms between looks; dated ${dates.join(', ')} ms late.`);
  return toldMs;
}

/** Resolves with its port. */
async function silentServer(t: TestContext): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    t.after(() => void socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}
