import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyOf } from '../../test/support/history-of.ts';
import { aMonitor, anAppModel, SHOP_NOW, type Watched, watched } from '../../test/support/public-facts.ts';
import { STATUS_DEFAULTS } from './section.ts';
import { type PublicView, publicView } from './view.ts';

const DAYS = 30;

function viewOf(...all: readonly Watched[]): PublicView {
  return publicView({
    now: SHOP_NOW,
    model: anAppModel(),
    settings: STATUS_DEFAULTS,
    monitors: all.map(({ now }) => now),
    history: new Map(all.map((one) => [one.now.name, historyOf(one.changes, DAYS, SHOP_NOW)])),
    sources: [],
    deliveries: [],
  });
}

const isoDay = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString().slice(0, 10));

test('failures that overlap are one event, counted once', () => {
  const { past } = viewOf(
    watched({ name: 'web' }, [['2026-11-09', 30, 'down']]),
    watched({ name: 'api' }, [['2026-11-09', 20, 'down']]),
    watched({ name: 'search' }, [['2026-11-09', 60, 'degraded']]),
  );

  assert.equal(past.length, 1);
  assert.deepEqual(past[0]?.names, ['web', 'api']);
  assert.equal(past[0].state, 'down');
  assert.equal(past[0].ms, 30 * 60_000);
  assert.equal(past[0].endedAt - past[0].startedAt, 60 * 60_000);
});

test('maintenance during a failure stays an event of its own', () => {
  const { past } = viewOf(
    watched({ name: 'web' }, [['2026-11-09', 30, 'down']]),
    watched({ name: 'api' }, [['2026-11-09', 20, 'maintenance']]),
  );

  assert.deepEqual(past.map(({ state }) => state).toSorted(), ['down', 'maintenance']);
});

test('what still goes on is not past', () => {
  const { past, quiet } = viewOf(
    watched({ name: 'web', state: 'down', since: SHOP_NOW - 60_000 }, [['2026-11-09', 30, 'down']]),
  );

  assert.deepEqual(
    past.map(({ startedAt }) => isoDay(startedAt)),
    ['2026-11-09'],
  );
  assert.deepEqual([isoDay(quiet?.from), isoDay(quiet?.to)], ['2026-11-10', '2026-11-19']);
});

test('quiet days reach back to the first measurement and no further', () => {
  const { quiet } = viewOf(watched({ name: 'web' }, [], Date.parse('2026-11-12T08:00:00Z')));

  assert.deepEqual([isoDay(quiet?.from), isoDay(quiet?.to)], ['2026-11-12', '2026-11-20']);
});

test('days on which nobody looked are not called quiet', () => {
  const never = watched({ name: 'web', state: 'unknown', since: null, lastCheckedAt: null });

  assert.equal(viewOf(never).quiet, null);
});

test('an event of today leaves no quiet days to speak of', () => {
  const earlier = { at: Date.parse('2026-11-20T08:00:00Z'), state: 'down', reason: null } as const;
  const changes = [
    { ...earlier, at: 0, state: 'up' } as const,
    earlier,
    { ...earlier, at: earlier.at + 60_000, state: 'up' } as const,
  ];

  assert.equal(viewOf({ now: aMonitor({ name: 'web' }), changes }).quiet, null);
});

test('an affected day tells its worst state first, its times cut at midnight', () => {
  const at = (time: string) => Date.parse(`2026-11-${time}:00Z`);
  const changes = [
    { at: 0, state: 'up', reason: null },
    { at: at('10T23:30'), state: 'degraded', reason: 'slow' },
    { at: at('11T00:15'), state: 'down', reason: 'gone' },
    { at: at('11T00:45'), state: 'up', reason: null },
  ] as const;

  const [component] = viewOf({ now: aMonitor({ name: 'web' }), changes }).groups[0]?.components ?? [];

  assert.deepEqual(
    component?.history.affected.map(({ startsAt, state, ms }) => [isoDay(startsAt), state, ms / 60_000]),
    [
      ['2026-11-11', 'down', 30],
      ['2026-11-11', 'degraded', 15],
      ['2026-11-10', 'degraded', 30],
    ],
  );
  assert.deepEqual(component.history.affected[1]?.spans, [{ from: at('11T00:00'), to: at('11T00:15') }]);
});

test('"measured since" is only said when there is no gap after it', () => {
  const gap = [
    { at: Date.parse('2026-11-10T08:00:00Z'), state: 'up', reason: null },
    { at: Date.parse('2026-11-12T08:00:00Z'), state: 'unknown', reason: null },
    { at: Date.parse('2026-11-13T08:00:00Z'), state: 'up', reason: null },
  ] as const;

  const whole = viewOf(watched({ name: 'web' }, [], Date.parse('2026-11-10T08:00:00Z')));
  const gappy = viewOf({ now: aMonitor({ name: 'web' }), changes: gap });

  assert.equal(isoDay(whole.groups[0]?.components[0]?.history.uptime.measuredSince ?? 0), '2026-11-10');
  assert.equal(gappy.groups[0]?.components[0]?.history.uptime.measuredSince, null);
});
