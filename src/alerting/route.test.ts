import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SEVERITIES } from '../contracts/outbound.ts';
import { type RouteSettings, routeOf, routeSettingsOf } from './route.ts';

const ALL = { channels: ['ops', 'dev'], people: ['ada'], firstLevel: null };

describe('who is told', () => {
  const cases: readonly (readonly [string, Partial<RouteSettings>, readonly string[], readonly string[]])[] = [
    ['without escalation, only `dev`', {}, ['dev'], ['dev']],
    [
      'without a channel of that name, every channel',
      { channels: ['ops', 'pager'] },
      ['ops', 'pager'],
      ['ops', 'pager'],
    ],
    ['the first level, and `dev` of what is critical', { firstLevel: ['ada'] }, ['person:ada'], ['person:ada', 'dev']],
    ['nobody twice', { firstLevel: ['dev', 'ops', 'dev'] }, ['dev', 'ops'], ['dev', 'ops']],
    [
      'the channel, where a person has the same name',
      { people: ['ops'], firstLevel: ['ops'] },
      ['ops'],
      ['ops', 'dev'],
    ],
    ['as without a level, where it names nobody who can be reached', { firstLevel: ['primary'] }, ['dev'], ['dev']],
    ['nobody, where there is nobody', { channels: [], people: [] }, [], []],
  ];

  for (const [who, changes, warning, critical] of cases) {
    test(`is ${who}`, () => {
      assert.deepEqual(routeOf('warning', { ...ALL, ...changes }), warning);
      assert.deepEqual(routeOf('critical', { ...ALL, ...changes }), critical);
    });
  }

  const someNames = fc.uniqueArray(fc.constantFrom('dev', 'ops', 'pager', 'ada', 'bob', 'primary'));
  const anySettings = fc.record({ channels: someNames, people: someNames, firstLevel: fc.option(someNames) });

  test('every critical failure reaches the channel `dev`, whatever is written besides [ALR-08/R]', () => {
    fc.assert(
      fc.property(anySettings, (settings) => {
        const channels = [...new Set([...settings.channels, 'dev'])];
        assert.ok(routeOf('critical', { ...settings, channels }).includes('dev'));
      }),
    );
  });

  test('is somebody, whenever there is a channel at all', () => {
    fc.assert(
      fc.property(anySettings, fc.constantFrom(...SEVERITIES), (settings, severity) => {
        const told = routeOf(severity, settings);
        assert.equal(told.length > 0, settings.channels.length > 0 || isReachable(settings));
        assert.equal(new Set(told).size, told.length);
      }),
    );
  });
});

function isReachable({ people, firstLevel }: RouteSettings): boolean {
  return firstLevel?.some((name) => people.includes(name)) ?? false;
}

test('only people with an address and the first level of `default` count', () => {
  const settings = routeSettingsOf({
    channels: ['dev'],
    people: { ada: { email: 'ada@shop.example' }, bob: {} },
    escalate: { night: [{ notify: ['bob'] }], default: [{ notify: ['ada', 'bob'] }, { notify: ['dev'] }] },
  });

  assert.deepEqual(settings, { channels: ['dev'], people: ['ada'], firstLevel: ['ada', 'bob'] });
  assert.deepEqual(routeOf('warning', settings), ['person:ada']);
});

test('without `escalate` there is no first level', () => {
  assert.equal(routeSettingsOf({ channels: [], people: {}, escalate: {} }).firstLevel, null);
});
