import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fakeIo } from '../../../test/support/probe-io.ts';
import { STATES, type State } from '../../contracts/state.ts';
import type { CheckResult } from '../monitor-type.ts';
import { group } from './group.ts';

interface Case {
  readonly name: string;
  readonly states: readonly (State | null)[];
  readonly settings?: object;
  readonly state: CheckResult['state'] | undefined;
  readonly reason?: string;
}

const cases: readonly Case[] = [
  { name: 'all up', states: ['up', 'up'], state: 'up' },
  { name: 'the worst counts', states: ['up', 'degraded', 'down'], state: 'down', reason: 'c is down; b is degraded.' },
  { name: 'nobody is known', states: ['unknown', null, 'maintenance'], state: undefined },
  { name: 'the unknown are left out', states: ['unknown', 'up', 'maintenance'], state: 'up' },
  {
    name: 'enough are up',
    states: ['down', 'up', 'up'],
    settings: { min_up: 2 },
    state: 'degraded',
    reason: '2 of 3 work, and 2 are needed: a is down.',
  },
  {
    name: 'too few are up',
    states: ['down', 'down', 'up'],
    settings: { min_up: 2 },
    state: 'down',
    reason: '1 of 3 work, and 2 are needed: a and b are down.',
  },
  {
    name: 'a degraded one works',
    states: ['degraded', 'down'],
    settings: { min_up: 1 },
    state: 'degraded',
    reason: '1 of 2 work, and 1 is needed: b is down; a is degraded.',
  },
  { name: 'half of three is two', states: ['down', 'down', 'up'], settings: { min_share: '50%' }, state: 'down' },
  { name: 'half of two is one', states: ['down', 'up'], settings: { min_share: '50%' }, state: 'degraded' },
  {
    name: 'of two that are known one is half',
    states: ['down', 'up', null, null],
    settings: { min_share: '50%' },
    state: 'degraded',
  },
  { name: 'no more are needed than are known', states: ['up', null, null], settings: { min_up: 2 }, state: 'up' },
  {
    name: 'a long list is told shortly',
    states: ['down', 'down', 'down', 'down', 'down', 'down', 'down'],
    state: 'down',
    reason: 'a, b, c, d, e and 2 more are down.',
  },
];

for (const { name, states, settings = {}, state, reason } of cases) {
  test(`group: ${name}`, async () => {
    const result = await check(states, settings);

    assert.equal(result?.state, state);
    if (reason !== undefined) assert.equal(result && 'reason' in result && result.reason, reason);
  });
}

test('group: its members are its parts, also those that rest', async () => {
  const result = await check(['up', 'maintenance', null], {});

  assert.deepEqual(result?.parts, [
    { name: 'a', state: 'up', detail: null },
    { name: 'b', state: 'unknown', detail: 'in maintenance' },
    { name: 'c', state: 'unknown', detail: null },
  ]);
});

test('group: it never gets better when a member gets worse', async () => {
  const ORDER = ['up', 'degraded', 'down'] as const;
  const known = fc.array(fc.constantFrom(...ORDER), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(known, fc.nat(), fc.integer({ min: 1, max: 9 }), async (states, at, least) => {
      const worse = states.map((state, index) => (index === at % states.length ? 'down' : state));
      const [before, after] = [await check(states, { min_up: least }), await check(worse, { min_up: least })];
      assert.ok(ORDER.indexOf(after?.state ?? 'up') >= ORDER.indexOf(before?.state ?? 'up'));
    }),
  );
});

test('group: whatever its members are, something or nothing is said of it', async () => {
  const any = fc.array(fc.constantFrom<State | null>(...STATES, null), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(any, async (states) => {
      const isKnown = states.some((state) => state === 'up' || state === 'degraded' || state === 'down');
      assert.equal((await check(states, {})) !== undefined, isKnown);
    }),
  );
});

function check(states: readonly (State | null)[], settings: object) {
  const names = states.map((_state, index) => String.fromCodePoint(97 + index));
  const run = group.prepare(group.settings.parse({ group: names, ...settings }));
  return run(fakeIo({ stateOf: async (name) => states[names.indexOf(name)] ?? null }));
}
