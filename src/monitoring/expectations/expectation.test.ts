import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { expectation } from './expectation.ts';

const settings = z.strictObject({ expect: z.array(expectation(['CONNECTED', 'RESPONSE_TIME'])) });

test('a condition is understood when the settings are read', () => {
  assert.deepEqual(settings.parse({ expect: ['[CONNECTED] == true'] }).expect, [
    { subject: { placeholder: 'CONNECTED', path: [] }, operator: '==', value: { kind: 'boolean', isTrue: true } },
  ]);
});

const refused: readonly (readonly [unknown, string])[] = [
  ['[CONNECTED] == 1', 'Expected true or false at position 16, found "1".'],
  ['[STATUS] == 200', '[STATUS] is not known here. Known: [CONNECTED], [RESPONSE_TIME].'],
  [200, 'Expected a condition such as "[CONNECTED] == true".'],
];

for (const [condition, complaint] of refused) {
  test(`refuses ${String(condition)} where it stands`, () => {
    const { error } = settings.safeParse({ expect: [condition] });

    assert.deepEqual(
      error?.issues.map(({ path, message }) => [path, message]),
      [[['expect', 0], complaint]],
    );
  });
}

test('editors see a text', () => {
  assert.partialDeepStrictEqual(z.toJSONSchema(settings, { io: 'input' }), {
    properties: { expect: { items: { type: 'string' } } },
  });
});
