import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planFor, type Shard } from './plan.ts';
import { SHARDS } from './shard-of.ts';

const WORKERS = Array.from({ length: 40 }, (_, index) => `worker-${index}`);

const aLife = fc.record({
  live: fc.subarray(WORKERS, { minLength: 1 }),
  /** Also of those who are gone. */
  owners: fc.array(fc.option(fc.constantFrom(...WORKERS)), { minLength: SHARDS, maxLength: SHARDS }),
});

test('everybody plans alone, and yet no shard is taken by two, all have an owner, and the shares are even', () => {
  fc.assert(
    fc.property(aLife, ({ live, owners }) => {
      let shards = shardsOf(owners);
      for (let turn = 0; turn < 3; turn += 1) shards = carriedOut(shards, live);

      const counts = live.map((worker) => shards.filter(({ owner }) => owner === worker).length);
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        SHARDS,
      );
      assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join(' '));
    }),
  );
});

test('nothing moves once the shares are even', () => {
  fc.assert(
    fc.property(aLife, ({ live, owners }) => {
      let shards = shardsOf(owners);
      for (let turn = 0; turn < 3; turn += 1) shards = carriedOut(shards, live);

      assert.deepEqual(carriedOut(shards, live), shards);
    }),
  );
});

test('only what is too much for somebody moves', () => {
  fc.assert(
    fc.property(aLife, ({ live, owners }) => {
      const before = shardsOf(owners);
      let after = before;
      for (let turn = 0; turn < 3; turn += 1) after = carriedOut(after, live);

      const most = Math.ceil(SHARDS / live.length);
      const least = Math.floor(SHARDS / live.length);
      for (const worker of live) {
        const held = before.filter(({ owner }) => owner === worker);
        const kept = held.filter(({ shard }) => after[shard]?.owner === worker);
        assert.ok(kept.length >= Math.min(held.length, least) && kept.length <= most);
      }
    }),
  );
});

test('when a third comes, each of the two gives a third away', () => {
  const shards = shardsOf(Array.from({ length: SHARDS }, (_, shard) => (shard < 16 ? 'a' : 'b')));
  const live = ['a', 'b', 'c'];

  assert.equal(planFor({ me: 'a', live, shards }).give.length, 5);
  assert.equal(planFor({ me: 'b', live, shards }).give.length, 5);
  assert.deepEqual(planFor({ me: 'c', live, shards }), { take: [], give: [] });
});

function shardsOf(owners: readonly (string | null)[]): readonly Shard[] {
  return owners.map((owner, shard) => ({ shard, owner, epoch: 0 }));
}

/** All of them see the same and act on it at once. */
function carriedOut(shards: readonly Shard[], live: readonly string[]): readonly Shard[] {
  const takers = new Map<number, string>();
  const given = new Set<number>();
  for (const me of live) {
    const { take, give } = planFor({ me, live, shards });
    for (const shard of give) given.add(shard);
    for (const shard of take) {
      assert.ok(!takers.has(shard), `${takers.get(shard)} and ${me} both take ${shard}`);
      takers.set(shard, me);
    }
  }
  return shards.map(({ shard, owner, epoch }) => ({
    shard,
    owner: takers.get(shard) ?? (given.has(shard) ? null : owner),
    epoch,
  }));
}
