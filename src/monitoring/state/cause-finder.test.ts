import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { aWatch } from '../../../test/support/watches.ts';
import { createScheduler } from '../scheduling/scheduler.ts';
import { monitorTypes } from '../types/index.ts';
import { createCauseFinder } from './cause-finder.ts';

// The manifest loads the types that it names; tests describe monitors without one.
await monitorTypes.loadAll();

const DEPENDS_ON: Readonly<Record<string, readonly string[]>> = {
  web: ['api'],
  api: ['db', 'cache'],
  ring: ['wheel'],
  wheel: ['ring'],
};

test('checks everything a failure may come from at once, and whatever is behind it', async () => {
  const { causes, failing, checked, onCheck } = setUp({ failing: ['web'] });
  onCheck.set('api', () => void failing.add('api'));
  onCheck.set('db', () => void failing.add('db'));

  assert.equal(await causes.find('web'), 'db');
  assert.deepEqual(checked, ['api', 'db', 'cache']);
});

test('checks nothing of which it knows already that it fails', async () => {
  const { causes, checked } = setUp({ failing: ['web', 'api', 'db'] });

  assert.equal(await causes.find('web'), 'db');
  assert.deepEqual(checked, ['cache']);
});

test('a monitor that needs nothing waits for nothing', async () => {
  const { causes, checked } = setUp({ failing: ['db'] });

  // Time stands still here.
  assert.equal(await causes.find('db'), 'db');
  assert.deepEqual(checked, []);
});

test('waits three seconds for all of them together', async () => {
  const { clock, causes, onCheck } = setUp({ failing: ['web'] });
  onCheck.set('api', () => new Promise(() => undefined));
  onCheck.set('db', () => new Promise(() => undefined));
  const startedAt = clock.now();
  const named = causes.find('web').then((cause) => ({ cause, tookMs: clock.now() - startedAt }));

  await clock.advance(10_000);

  assert.deepEqual(await named, { cause: 'web', tookMs: 3_000 });
});

test('two that need each other are each explained without waiting for ever', async () => {
  const { causes, checked } = setUp({ failing: ['ring'] });

  assert.equal(await causes.find('ring'), 'ring');
  assert.deepEqual(checked, ['wheel']);
});

test('looks at what is being checked already by waiting for that check', async () => {
  const { clock, causes, failing, checked, onCheck, scheduler } = setUp({ failing: ['web'] });
  onCheck.set('api', () => clock.sleep(100).then(() => failing.add('api')));
  const underWay = scheduler.trigger('api');
  const named = causes.find('web');

  await clock.advance(100);
  await underWay;

  assert.equal(await named, 'api');
  assert.deepEqual(checked, ['api', 'db', 'cache']);
});

function setUp({ failing }: { failing: readonly string[] }) {
  const clock = new FakeClock();
  const down = new Set(failing);
  const checked: string[] = [];
  const onCheck = new Map<string, () => unknown>();
  const watchOf = (name: string) =>
    aWatch(
      { name, dependsOn: DEPENDS_ON[name] ?? [] },
      { recent: [{ at: 0, outcome: down.has(name) ? 'down' : 'up' }] },
    );
  const run = async (name: string) => {
    checked.push(name);
    await onCheck.get(name)?.();
  };
  const scheduler = createScheduler({ clock, run });
  scheduler.set(['web', 'api', 'db', 'cache', 'ring', 'wheel'].map((name) => ({ name, intervalMs: 60_000 })));
  const causes = createCauseFinder({ clock, watchOf, check: scheduler.trigger });
  return { clock, causes, scheduler, failing: down, checked, onCheck };
}
