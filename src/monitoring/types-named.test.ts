import assert from 'node:assert/strict';
import { test } from 'node:test';
import { monitorTypes } from './types/index.ts';
import { loadTypesNamed } from './types-named.ts';

test('exactly the types that a manifest names are loaded, services included', async () => {
  const before = new Set(monitorTypes.loaded().map(({ type }) => type));
  await loadTypesNamed({
    monitors: { files: { s3: 'https://s3.example', every: '5m' } },
    services: {
      db: { url: ' Maria\nDB://db.example/shop' },
      search: { url: 'https://search.example', engine: 'opensearch' },
    },
  });

  const fresh = monitorTypes.loaded().flatMap(({ type }) => (before.has(type) ? [] : [type]));

  for (const type of fresh) assert.ok(['s3', 'mysql', 'elasticsearch'].includes(type), type);
  for (const type of ['s3', 'mysql', 'elasticsearch']) assert.equal(monitorTypes.get(type).type, type);
});

test('whatever was written instead of a manifest names nothing', async () => {
  for (const written of [null, 'text', [], { monitors: [], services: 3 }, { monitors: {}, services: { web: null } }]) {
    await assert.doesNotReject(loadTypesNamed(written));
  }
});

test('an entry without a type loads them all, to say what could have been meant', async () => {
  await loadTypesNamed({ monitors: { cache: { rediss: 'redis://cache.example' } } });

  assert.equal(monitorTypes.loaded().length, monitorTypes.types().length);
});
