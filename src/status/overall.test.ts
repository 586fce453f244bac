import assert from 'node:assert/strict';
import { test } from 'node:test';
import { componentHistory } from './component-history.ts';
import { overallOf } from './overall.ts';
import type { PublicComponent } from './view.ts';

function aComponent(component: Partial<PublicComponent> & { readonly name: string }): PublicComponent {
  const history = componentHistory(undefined);
  return { description: null, state: 'up', since: 1_000, checkedAt: 9_000, cause: null, history, ...component };
}

test('one thing down among others that work is a partial outage', () => {
  const overall = overallOf([aComponent({ name: 'web' }), aComponent({ name: 'api', state: 'down', since: 5_000 })]);

  assert.equal(overall.level, 'partial');
  assert.deepEqual(overall.names, ['api']);
  assert.equal(overall.isRestWorking, true);
  assert.equal(overall.since, 5_000);
});

test('everything down is an outage', () => {
  assert.equal(overallOf([aComponent({ name: 'web', state: 'down' })]).level, 'down');
});

test('a monitor that stopped checking makes the whole unknown, never working', () => {
  const overall = overallOf([aComponent({ name: 'web' }), aComponent({ name: 'api', state: 'unknown' })]);

  assert.equal(overall.level, 'unknown');
  assert.deepEqual(overall.names, ['api']);
});

test('what was never measured says nothing about the rest', () => {
  const added = aComponent({ name: 'new', state: 'unknown', checkedAt: null });

  assert.equal(overallOf([aComponent({ name: 'web' }), added]).level, 'working');
  assert.equal(overallOf([added]).level, 'starting');
});

test('the worst gives the level, the others are told after it', () => {
  const overall = overallOf([
    aComponent({ name: 'mail', state: 'maintenance' }),
    aComponent({ name: 'search', state: 'degraded' }),
    aComponent({ name: 'api', state: 'down' }),
  ]);

  assert.equal(overall.level, 'partial');
  assert.deepEqual(overall.others, [
    { state: 'degraded', names: ['search'] },
    { state: 'maintenance', names: ['mail'] },
  ]);
  assert.equal(overall.isRestWorking, false);
});

test('a cause is told once, even when it is among what fails: the heading does not say what came first', () => {
  const internal = { kind: 'internal' } as const;
  const api = { kind: 'component', name: 'api' } as const;
  const overall = overallOf([
    aComponent({ name: 'web', state: 'down', cause: api }),
    aComponent({ name: 'checkout', state: 'down', cause: api }),
    aComponent({ name: 'api', state: 'down', cause: internal }),
    aComponent({ name: 'mail', state: 'down', cause: internal }),
  ]);

  assert.deepEqual(overall.causes, [api, internal]);
});
