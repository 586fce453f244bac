import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { asksFor, expectation, expectations } from './expectations.ts';
import { withExpectations } from './verdict.ts';

const settings = z.strictObject({ expect: expectations(['CONNECTED', 'RESPONSE_TIME']) });
const one = expectation(['CONNECTED', 'RESPONSE_TIME']);

test('a list means down, and keys say what else a condition means', () => {
  const [connected, slow] = ['[CONNECTED] == true', '[RESPONSE_TIME] < 1s'].map((text) => one.parse(text));

  assert.deepEqual(settings.parse({ expect: ['[CONNECTED] == true'] }).expect, { down: [connected], degraded: [] });
  assert.deepEqual(settings.parse({ expect: { degraded: ['[RESPONSE_TIME] < 1s'] } }).expect, {
    down: [],
    degraded: [slow],
  });
});

const refused: readonly (readonly [unknown, string])[] = [
  ['[CONNECTED] == 1', 'Expected true or false at position 16, found "1".'],
  ['[STATUS] == 200', '[STATUS] is not known here. Known: [CONNECTED], [RESPONSE_TIME].'],
  ['[RESPONSE_TIME] < [BODY].a', '[BODY] is not known here. Known: [CONNECTED], [RESPONSE_TIME].'],
  ['has([BODY].a) == true', '[BODY] is not known here. Known: [CONNECTED], [RESPONSE_TIME].'],
  [200, 'Expected a condition such as "[CONNECTED] == true".'],
];

for (const [condition, complaint] of refused) {
  test(`refuses ${String(condition)}`, () => {
    const { error } = one.safeParse(condition);

    assert.deepEqual(
      error?.issues.map(({ message }) => message),
      [complaint],
    );
  });
}

test('what no condition names need not be asked', () => {
  const { expect } = settings.parse({ expect: { degraded: ['1s > [RESPONSE_TIME]'] } });

  assert.deepEqual([asksFor(expect, 'RESPONSE_TIME'), asksFor(expect, 'CONNECTED')], [true, false]);
  assert.equal(asksFor(undefined, 'CONNECTED'), false);
});

test('down wins over degraded, and every condition is told', () => {
  const { expect } = settings.parse({
    expect: { down: ['[RESPONSE_TIME] < 3s'], degraded: ['[RESPONSE_TIME] < 1s', '[CONNECTED] == true'] },
  });
  const at = (responseTimeMs: number) =>
    withExpectations(expect, { state: 'up', latencyMs: 1 }, { connected: true, responseTimeMs });

  assert.equal(at(500).state, 'up');
  assert.deepEqual(at(2_000), {
    state: 'degraded',
    latencyMs: 1,
    reason: '[RESPONSE_TIME] was 2s, expected < 1s.',
    conditions: [
      { condition: '[RESPONSE_TIME] < 3s', holds: true, actual: '2s', otherwise: 'down' },
      { condition: '[RESPONSE_TIME] < 1s', holds: false, actual: '2s', otherwise: 'degraded' },
      { condition: '[CONNECTED] == true', holds: true, actual: 'true', otherwise: 'degraded' },
    ],
  });
  assert.partialDeepStrictEqual(at(4_000), { state: 'down', reason: '[RESPONSE_TIME] was 4s, expected < 3s.' });
});

test('what the check found by itself is not covered up by what is expected', () => {
  const { expect } = settings.parse({ expect: { degraded: ['[RESPONSE_TIME] < 1s'] } });
  const observed = { connected: true, responseTimeMs: 2_000 };

  const degraded = withExpectations(expect, { state: 'degraded', reason: 'It is odd.' }, observed);
  const down = withExpectations(expect, { state: 'down', reason: 'It is gone.' }, observed);

  assert.partialDeepStrictEqual(degraded, {
    state: 'degraded',
    reason: 'It is odd. [RESPONSE_TIME] was 2s, expected < 1s.',
  });
  assert.partialDeepStrictEqual(down, { state: 'down', reason: 'It is gone.' });
});

test('editors see texts', () => {
  assert.partialDeepStrictEqual(z.toJSONSchema(settings, { io: 'input' }), {
    properties: { expect: { anyOf: [{ items: { type: 'string' } }, { type: 'object' }] } },
  });
});
