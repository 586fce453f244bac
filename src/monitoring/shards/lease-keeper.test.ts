import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { memoryShards } from '../../../test/support/memory-shards.ts';
import { silentLog } from '../../../test/support/silent-log.ts';
import { createLeaseKeeper } from './lease-keeper.ts';
import type { ShardChange } from './shard-keeper.ts';
import { SHARDS } from './shard-of.ts';

const WORKERS = ['a', 'b', 'c'] as const;
/** Always there, so that nobody is ever alone. */
const ALWAYS = 'd' as const;
const EVERYBODY = [...WORKERS, ALWAYS] as const;
const SETTLED_MS = 12_000;

const aFate = fc.record({
  worker: fc.constantFrom(...WORKERS),
  what: fc.constantFrom('start', 'cut', 'mend', 'stop'),
  afterMs: fc.integer({ min: 0, max: 6_000 }),
});

test('whatever happens to whom, no shard is checked by two at any moment, and in the end each is checked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(aFate, { maxLength: 12 }), async (fates) => {
      const { clock, workers, assertOnce, checkedBy } = setUp();
      workers[ALWAYS].keeper.start();
      await clock.advance(1_000);
      for (const { worker, what, afterMs } of fates) {
        for (let ms = 0; ms < afterMs; ms += 100) {
          await clock.advance(100);
          assertOnce();
        }
        const { keeper, table } = workers[worker];
        if (what === 'start') keeper.start();
        else if (what === 'cut') table.cut();
        else if (what === 'mend') table.mend();
        else void keeper.stop();
      }
      for (const { table } of Object.values(workers)) table.mend();
      for (let ms = 0; ms < SETTLED_MS; ms += 100) {
        await clock.advance(100);
        assertOnce();
      }

      const counts = EVERYBODY.map((worker) => checkedBy(worker).length);
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        SHARDS,
        counts.join(' '),
      );
    }),
    { numRuns: 60 },
  );
});

test('whoever is cut off stops before its lease ends, and somebody else goes on within five seconds', async () => {
  const { clock, workers, checkedBy } = await twoAtWork();

  workers.b.table.cut();
  await clock.advance(3_499);
  const before = checkedBy('b').length;
  await clock.advance(1_000);

  assert.equal(before, 16);
  assert.equal(checkedBy('b').length, 0);
  await clock.advance(1_501);
  assert.equal(checkedBy('a').length, SHARDS);
});

test('whoever stops hands over at once', async () => {
  const { clock, workers, checkedBy } = await twoAtWork();

  await workers.b.keeper.stop();
  await clock.advance(1_000);

  assert.equal(checkedBy('a').length, SHARDS);
});

test('whoever is alone goes on while the database is away, and whoever is not stops', async () => {
  const alone = setUp();
  alone.workers.a.keeper.start();
  await alone.clock.advance(3_000);
  const shared = await twoAtWork();

  alone.workers.a.table.cut();
  for (const { table } of Object.values(shared.workers)) table.cut();
  await alone.clock.advance(60_000);
  await shared.clock.advance(60_000);

  assert.equal(alone.checkedBy('a').length, SHARDS);
  assert.equal(shared.checkedBy('a').length + shared.checkedBy('b').length, 0);
});

test('what was somebody else’s in between is gained anew, with another epoch', async () => {
  const { clock, workers } = await twoAtWork();
  const shard = Array.from({ length: SHARDS }, (_, index) => index).find((each) => workers.b.keeper.owns(each)) ?? -1;
  const epoch = workers.b.keeper.epochOf(shard);

  workers.b.table.cut();
  await clock.advance(8_000);
  workers.b.changes.length = 0;
  workers.b.table.mend();
  await clock.advance(SETTLED_MS);

  const gained = workers.b.changes.flatMap((change) => change.gained);
  const lost = workers.b.changes.flatMap((change) => change.lost);
  assert.equal(gained.length, 16);
  assert.equal(lost.length, 16);
  assert.notEqual(workers.b.keeper.epochOf(gained[0] ?? -1), epoch);
});

async function twoAtWork() {
  const all = setUp();
  all.workers.a.keeper.start();
  await all.clock.advance(2_000);
  all.workers.b.keeper.start();
  await all.clock.advance(SETTLED_MS);
  return all;
}

function setUp() {
  const clock = new FakeClock();
  const tableOf = memoryShards(clock);
  const create = (worker: string) => {
    const changes: ShardChange[] = [];
    const table = tableOf(worker);
    const onChange = (change: ShardChange) => void changes.push(change);
    return { table, changes, keeper: createLeaseKeeper({ worker, table, clock, log: silentLog, onChange }) };
  };
  const workers = { a: create('a'), b: create('b'), c: create('c'), d: create('d') };
  const checkedBy = (worker: keyof typeof workers) => {
    const { keeper } = workers[worker];
    return Array.from({ length: SHARDS }, (_, shard) => shard).filter(
      (shard) => keeper.owns(shard) && keeper.mayStart(),
    );
  };
  const assertOnce = () => {
    const all = EVERYBODY.flatMap((worker) => checkedBy(worker));
    assert.equal(
      new Set(all).size,
      all.length,
      WORKERS.map((worker) => `${worker}: ${checkedBy(worker).join(' ')}`).join('; '),
    );
  };
  return { clock, workers, checkedBy, assertOnce };
}
