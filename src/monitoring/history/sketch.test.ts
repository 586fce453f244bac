import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { countOf, countWithin, decode, encode, merged, quantile, RELATIVE_ERROR, sketchOf } from './sketch.ts';

/** From a microsecond to an hour, as many small ones as large ones. */
const latencyUs = fc.double({ min: 0, max: 31, noNaN: true }).map((power) => Math.round(2 ** power));
const latencies = fc.array(latencyUs, { maxLength: 200 });
const sketch = latencies.map(sketchOf);

/** The doubles of a bucket's bounds are off by a few units in the last place. */
const ROUNDING = 1e-9;

describe('a sketch of latencies', () => {
  test('tells every quantile within one per cent, also of parts that were merged', () => {
    fc.assert(
      fc.property(fc.array(latencies, { maxLength: 5 }), fc.double({ min: 0, max: 1, noNaN: true }), (parts, share) => {
        const sorted = parts.flat().toSorted((one, other) => one - other);
        const told = quantile(merged(parts.map(sketchOf)), share);
        const exact = sorted[Math.floor(share * (sorted.length - 1))];

        if (exact === undefined) assert.equal(told, null);
        else
          assert.ok(Math.abs((told ?? Number.NaN) - exact) <= exact * (RELATIVE_ERROR + ROUNDING), `${told} ${exact}`);
      }),
    );
  });

  test('of a whole is the sum of its parts, in whatever order they are merged', () => {
    fc.assert(
      fc.property(sketch, sketch, sketch, (one, two, three) => {
        assert.equal(encode(merged([one, two])), encode(merged([two, one])));
        assert.equal(encode(merged([merged([one, two]), three])), encode(merged([one, merged([two, three])])));
        assert.equal(countOf(merged([one, two, three])), countOf(one) + countOf(two) + countOf(three));
      }),
    );
    fc.assert(
      fc.property(latencies, latencies, (one, two) => {
        assert.equal(encode(merged([sketchOf(one), sketchOf(two)])), encode(sketchOf([...one, ...two])));
      }),
    );
  });

  test('counts what came within a limit, wrong only where a value is within one per cent of it', () => {
    fc.assert(
      fc.property(latencies, latencyUs, (values, limit) => {
        const told = countWithin(sketchOf(values), limit);

        const margin = 1 + RELATIVE_ERROR + ROUNDING;
        assert.ok(told >= values.filter((value) => value <= limit / margin - 1).length);
        assert.ok(told <= values.filter((value) => value <= limit * margin + 1).length);
      }),
    );
  });

  test('is the same after it was stored', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(1_000), fc.integer({ min: 1, max: 2 ** 40 }))), (entries) => {
        const one = new Map(entries);
        assert.deepEqual(decode(encode(one)), new Map([...one].toSorted(([a], [b]) => a - b)));
      }),
    );
  });

  test('takes about a byte and a third for each kind of latency there is', () => {
    const hour = Array.from({ length: 60 }, (_, minute) => 80_000 + minute * 400);

    assert.ok(encode(sketchOf(hour)).length < 30, encode(sketchOf(hour)));
  });

  test('is not made of text that was never written', () => {
    for (const text of ['=', '!!', '_____w', 'gICAgICAgICAgIAB', '-', 'AA==', `${'f'.repeat(12)}8H`]) {
      assert.equal(decode(text), undefined, text);
    }
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        const read = decode(text);
        if (read !== undefined) assert.equal(encode(read), text);
      }),
    );
  });
});
