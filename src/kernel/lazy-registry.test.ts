import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LazyRegistry } from './lazy-registry.ts';

function fruits() {
  const loaded: string[] = [];
  const load = (type: string) => async () => {
    loaded.push(type);
    return { type };
  };
  const registry = new LazyRegistry('fruit', [{ type: 'apple' }], {
    apple: load('apple'),
    pear: load('pear'),
    plum: load('plum'),
  });
  return { registry, loaded };
}

test('nothing is loaded before it is named, and nothing twice', async () => {
  const { registry, loaded } = fruits();

  await registry.load(['pear', 'pear', 'apple', 'stone']);
  await registry.load(['pear']);

  assert.deepEqual(loaded, ['pear']);
  assert.deepEqual(registry.get('pear'), { type: 'pear' });
  assert.deepEqual(registry.types(), ['apple', 'pear', 'plum']);
});

test('what is loaded is told in the order of the catalogue', async () => {
  const { registry } = fruits();
  await registry.load(['plum']);
  assert.deepEqual(
    registry.loaded().map(({ type }) => type),
    ['apple', 'plum'],
  );
  assert.equal((await registry.loadAll()).length, 3);
});

test('to use one before it is loaded is our mistake, to name one there is not somebody else’s', () => {
  const { registry } = fruits();
  assert.throws(() => registry.get('plum'), /used before it was loaded/);
  assert.throws(() => registry.get('plumb'), {
    code: 'REGISTRY_TYPE_UNKNOWN',
    message: /Known: apple, pear, plum/,
    hint: /^Did you mean "plum"\? /,
  });
});

test('an entry that leads to another plug-in is refused', async () => {
  const registry = new LazyRegistry('fruit', [], { pear: async () => ({ type: 'plum' }) });
  await assert.rejects(registry.load(['pear']), /"plum" is listed as "pear"/);
});
