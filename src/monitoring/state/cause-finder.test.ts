import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../test/support/fake-clock.ts';
import { createScheduler } from '../scheduling/scheduler.ts';
import { createCauseFinder } from './cause-finder.ts';
import type { Watch } from './watch.ts';

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

test('two that need each other do not wait for each other', async () => {
  const { causes, failing, checked, onCheck, scheduler } = setUp({ failing: [] });
  const named: string[] = [];
  for (const name of ['ring', 'wheel']) {
    onCheck.set(name, async () => void named.push(`${name} comes from ${await causes.find(name)}`));
  }
  onCheck.set('wheel', async () => {
    failing.add('wheel');
    named.push(`wheel comes from ${await causes.find('wheel')}`);
  });

  // Its own check is under way while it is explained, and that of the wheel asks for it.
  await scheduler.trigger('ring');

  assert.deepEqual(named, ['wheel comes from wheel', 'ring comes from wheel']);
  assert.deepEqual(checked, ['ring', 'wheel']);
});

test('a dependency that is being explained itself is waited for, and shares its checks', async () => {
  const { causes, failing, checked, onCheck } = setUp({ failing: ['web'] });
  onCheck.set('api', async () => {
    failing.add('api');
    await causes.find('api');
  });
  onCheck.set('db', () => void failing.add('db'));

  assert.equal(await causes.find('web'), 'db');
  assert.deepEqual(checked, ['api', 'db', 'cache']);
});

function setUp({ failing }: { failing: readonly string[] }) {
  const clock = new FakeClock();
  const down = new Set(failing);
  const checked: string[] = [];
  const onCheck = new Map<string, () => unknown>();
  const watchOf = (name: string) =>
    ({
      monitor: { name, dependsOn: DEPENDS_ON[name] ?? [] },
      record: { state: 'up' },
      recent: [{ at: 0, outcome: down.has(name) ? 'down' : 'up' }],
    }) as unknown as Watch;
  const run = async (name: string) => {
    checked.push(name);
    await onCheck.get(name)?.();
  };
  const scheduler = createScheduler({ clock, run });
  scheduler.set(['web', 'api', 'db', 'cache', 'ring', 'wheel'].map((name) => ({ name, intervalMs: 60_000 })));
  const causes = createCauseFinder({ clock, watchOf, check: scheduler.trigger });
  return { clock, causes, scheduler, failing: down, checked, onCheck };
}
