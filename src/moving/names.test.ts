import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createNames, type NamesKnown, slugOf } from './names.ts';

/** What the manifest allows. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;

function known(more: Partial<NamesKnown> = {}): NamesKnown {
  return { taken: { watched: new Set(), told: new Set(), windows: new Set() }, remembered: new Map(), ...more };
}

for (const [title, slug] of [
  ['Shop API', 'shop-api'],
  ['  Größe & Co. ', 'grosse-co'],
  ['Łódź (EU) → ☎', 'lodz-eu'],
  ['日本', ''],
] as const) {
  test(`${JSON.stringify(title)} is called ${JSON.stringify(slug)}`, () => assert.equal(slugOf(title), slug));
}

test('whatever a title says, its name is one the manifest takes, and nobody else has it', () => {
  const titles = fc.array(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant('same')), { maxLength: 40 });
  fc.assert(
    fc.property(titles, (all) => {
      const nameFor = createNames(known());
      const names = all.map((title, index) => nameFor('watched', `monitor ${index}`, title));

      for (const name of names) assert.match(name, NAME);
      assert.equal(new Set(names).size, names.length);
      assert.deepEqual(
        all.map((title, index) => nameFor('watched', `monitor ${index}`, title)),
        names,
      );
    }),
  );
});

test('of two with one title the second has its id behind it', () => {
  const nameFor = createNames(known());

  assert.equal(nameFor('watched', 'monitor 3', 'web'), 'web');
  assert.equal(nameFor('watched', 'monitor 9', 'web'), 'web-9');
  assert.equal(nameFor('told', 'notification 1', 'web'), 'web');
});

test('a name once given stays, also when the one that had it first is gone', () => {
  const nameFor = createNames(known({ remembered: new Map([['monitor 9', 'web-9']]) }));

  assert.equal(nameFor('watched', 'monitor 9', 'web'), 'web-9');
  assert.equal(nameFor('watched', 'monitor 3', 'web'), 'web');
});
