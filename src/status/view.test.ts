import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../test/support/fake-clock.ts';
import {
  aMonitor,
  anAppModel,
  factsOf,
  SHOP_NOW,
  SHOP_SETTINGS,
  theShop,
  watched,
} from '../../test/support/public-facts.ts';
import { aDelivery, aSource, readyFacts } from '../../test/support/readiness-facts.ts';
import { STATUS_DEFAULTS, StatusSettings } from './section.ts';
import { createStatus } from './status.ts';
import { type PublicView, publicView } from './view.ts';

const DOWN = { state: 'down', since: SHOP_NOW - 60_000, reason: 'connect ECONNREFUSED 10.9.8.7:5432' } as const;

function viewOf(monitors: readonly ReturnType<typeof aMonitor>[], settings: Partial<StatusSettings> = {}): PublicView {
  return publicView({
    now: SHOP_NOW,
    model: anAppModel(),
    settings: { ...STATUS_DEFAULTS, ...settings },
    monitors,
    history: new Map(),
    sources: [],
    deliveries: [],
  });
}

function namesIn(view: PublicView): readonly (readonly [string | null, readonly string[]])[] {
  return view.groups.map((group) => [group.name, group.components.map(({ name }) => name)] as const);
}

test('without groups everything is shown in the order of the manifest, under no heading [STA-01/R]', () => {
  const view = viewOf([aMonitor({ name: 'web' }), aMonitor({ name: 'api' })]);

  assert.deepEqual(namesIn(view), [[null, ['web', 'api']]]);
});

test('with groups only what is in one is shown, under its public name', () => {
  const view = viewOf([aMonitor({ name: 'web' }), aMonitor({ name: 'api' }), aMonitor({ name: 'db' })], {
    groups: { Shop: ['web', 'nothing-watches-this'], Developers: ['api', 'web'], Empty: [] },
    names: { web: 'Website' },
  });

  assert.deepEqual(namesIn(view), [
    ['Shop', ['Website']],
    ['Developers', ['api']],
  ]);
});

test('an empty list of groups hides everything: groups are the list of what is public', () => {
  const view = viewOf([aMonitor({ name: 'web' })], { groups: {} });

  assert.deepEqual(view.groups, []);
  assert.equal(view.overall.level, 'empty');
});

test('a private root cause is an internal dependency, a public one has its public name', () => {
  const monitors = [
    aMonitor({ name: 'web', ...DOWN, rootCause: 'api' }),
    aMonitor({ name: 'api', ...DOWN, rootCause: 'db' }),
    aMonitor({ name: 'db', ...DOWN, rootCause: 'db' }),
  ];
  const settings = { groups: { Shop: ['web', 'api'] }, names: { api: 'Developer API' } };

  const causes = viewOf(monitors, settings).groups.flatMap((group) => group.components.map(({ cause }) => cause));

  assert.deepEqual(causes, [{ kind: 'component', name: 'Developer API' }, { kind: 'internal' }]);
});

test('something that is its own root cause names none', () => {
  const view = viewOf([aMonitor({ name: 'web', ...DOWN, rootCause: 'web' })]);

  assert.equal(view.groups[0]?.components[0]?.cause, null);
});

test('private components change neither the overall state nor the times', () => {
  const view = viewOf(
    [
      aMonitor({ name: 'web', lastCheckedAt: SHOP_NOW - 9_000, intervalMs: 30_000 }),
      aMonitor({ name: 'db', ...DOWN, lastCheckedAt: SHOP_NOW, intervalMs: 1_000 }),
    ],
    { groups: { Shop: ['web'] } },
  );

  assert.equal(view.overall.level, 'working');
  assert.equal(view.checkedAt, SHOP_NOW - 9_000);
  assert.deepEqual(view.interval, { minMs: 30_000, maxMs: 30_000 });
});

test('neither view nor summary hold a target, a reason, or the name of anything private', async () => {
  const facts = theShop('outage').map(({ now, changes }) => ({
    now: {
      ...now,
      target: 'secret-target',
      reason: 'secret-reason',
      type: 'secret-type',
      dependsOn: ['secret-dependency'],
    },
    changes: changes.map((change) => ({ ...change, reason: 'secret-past-reason' })),
  }));
  const privately = watched({ name: 'secret-name', description: 'secret-description', ...DOWN }, [
    ['2026-11-01', 10, 'down'],
  ]);
  const status = createStatus({
    clock: new FakeClock(new Date(SHOP_NOW).toISOString()),
    monitoring: factsOf([
      ...facts.map((one) => ({ ...one, now: { ...one.now, rootCause: 'secret-name' } })),
      privately,
    ]),
    ...readyFacts(),
    described: () => ({
      model: anAppModel(),
      settings: { ...STATUS_DEFAULTS, ...SHOP_SETTINGS, publish: 's3://secret-bucket' },
    }),
  });

  const told = JSON.stringify([await status.view(), await status.summary()]);

  assert.doesNotMatch(told, /secret/);
  assert.match(told, /"kind":"internal"/);
});

test('readiness holds no name, no address and no reason, and can be kept private', async () => {
  const source = aSource({
    service: 'secret-store',
    holds: ['secret-data'],
    lastFailure: { at: SHOP_NOW, code: 'SECRET', reason: 'secret-reason' },
  });
  const delivery = aDelivery({ channel: 'secret-channel', title: 'secret-title', thread: 'secret-thread' });
  const toldWith = async (settings: Partial<StatusSettings>) => {
    const status = createStatus({
      clock: new FakeClock(new Date(SHOP_NOW).toISOString()),
      monitoring: factsOf([]),
      ...readyFacts([source], [delivery]),
      described: () => ({ model: anAppModel(), settings: { ...STATUS_DEFAULTS, ...settings } }),
    });
    return { view: await status.view(), summary: await status.summary() };
  };

  const { view, summary } = await toldWith({});
  const hidden = await toldWith({ readiness: false });

  assert.doesNotMatch(JSON.stringify([view, summary]), /secret|slack|bak_|alr_/i);
  assert.deepEqual(summary.readiness, {
    backup: {
      stores: 1,
      provenStores: 1,
      provenAt: '2026-11-20T08:14:10.000Z',
      takenAt: '2026-11-20T02:04:10.000Z',
      restoreMs: 700_000,
    },
    alert: { deliveredAt: '2026-11-20T14:31:05.400Z', tookMs: 400 },
  });
  assert.equal(hidden.view.readiness, null);
  assert.equal(hidden.summary.readiness, null);
});

test('history is asked for only what is public', async () => {
  const asked: (readonly string[])[] = [];
  const facts = factsOf([watched({ name: 'web' }), watched({ name: 'db' })]);
  const status = createStatus({
    clock: new FakeClock(),
    ...readyFacts(),
    monitoring: { ...facts, history: (names, days) => (asked.push(names), facts.history(names, days)) },
    described: () => ({ model: anAppModel(), settings: { ...STATUS_DEFAULTS, groups: { Shop: ['web'] } } }),
  });

  await status.view();

  assert.deepEqual(asked, [['web']]);
});

test('a name such as `constructor` is only a name', () => {
  const view = viewOf([aMonitor({ name: 'constructor' }), aMonitor({ name: '__proto__' })]);

  assert.deepEqual(namesIn(view), [[null, ['constructor', '__proto__']]]);
});

test('links of the page are web or mail addresses and nothing that runs', () => {
  for (const link of ['javascript:alert(1)', 'data:text/html,x', '//host', 'shop.example']) {
    assert.equal(StatusSettings.safeParse({ home: link }).success, false, link);
    assert.equal(StatusSettings.safeParse({ support: link }).success, false, link);
  }
  assert.equal(
    StatusSettings.safeParse({ home: 'https://shop.example', support: 'mailto:help@shop.example' }).success,
    true,
  );
});
