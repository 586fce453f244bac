import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aWatch } from '../../../test/support/watches.ts';
import type { CheckResult } from '../monitor-type.ts';
import { isFailing } from '../state/watch.ts';
import { createGlance } from './glance.ts';

const REFUSED: CheckResult = { state: 'down', reason: 'It refused.' };

test('what another process checks is asked here, and its failure explains others without being counted', async () => {
  const watch = aWatch({ name: 'db' });
  const { glance, asked } = setUp(watch, { isOurs: false });

  await glance('db');

  assert.deepEqual(asked, ['db']);
  assert.ok(isFailing(watch));
  assert.deepEqual(watch.standing.pending, []);
});

test('what is checked here is only checked', async () => {
  const { glance, asked } = setUp(aWatch({ name: 'db' }), { isOurs: true });

  await glance('db');

  assert.deepEqual(asked, []);
});

test('what is looked at from elsewhere alone is not asked from here', async () => {
  const { glance, asked } = setUp(aWatch({ name: 'db', locations: ['fra'] }), { isOurs: false });

  await glance('db');

  assert.deepEqual(asked, []);
});

function setUp(watch: ReturnType<typeof aWatch>, { isOurs }: { readonly isOurs: boolean }) {
  const asked: string[] = [];
  const glance = createGlance({
    clock: { now: () => 1 },
    watchOf: () => watch,
    check: async () => isOurs,
    ask: async ({ monitor }) => {
      asked.push(monitor.name);
      return REFUSED;
    },
  });
  return { glance, asked };
}
