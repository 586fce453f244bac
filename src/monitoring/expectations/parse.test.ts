import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Condition, isEquality, OPERATORS, printCondition } from './condition.ts';
import { explainMisreading, parseCondition } from './parse.ts';

const understood: Readonly<Record<string, Condition>> = {
  '[STATUS] == 200': {
    subject: { placeholder: 'STATUS', path: [] },
    operator: '==',
    value: { kind: 'number', amount: 200 },
  },
  '  [RESPONSE_TIME]<1s500ms ': {
    subject: { placeholder: 'RESPONSE_TIME', path: [] },
    operator: '<',
    value: { kind: 'duration', amount: 1500 },
  },
  '[CERTIFICATE_EXPIRATION] >= 14d': {
    subject: { placeholder: 'CERTIFICATE_EXPIRATION', path: [] },
    operator: '>=',
    value: { kind: 'duration', amount: 1_209_600_000 },
  },
  '[CONNECTED] != true': {
    subject: { placeholder: 'CONNECTED', path: [] },
    operator: '!=',
    value: { kind: 'boolean', isTrue: true },
  },
  '[BODY] == all is well': {
    subject: { placeholder: 'BODY', path: [] },
    operator: '==',
    value: { kind: 'text', text: 'all is well', isQuoted: false },
  },
  '[BODY].path.to[0]["first name"] == " \\"x\\" "': {
    subject: { placeholder: 'BODY', path: ['path', 'to', 0, 'first name'] },
    operator: '==',
    value: { kind: 'text', text: ' "x" ', isQuoted: true },
  },
  '[BODY].free > 1.5e3': {
    subject: { placeholder: 'BODY', path: ['free'] },
    operator: '>',
    value: { kind: 'text', text: '1.5e3', isQuoted: false },
  },
};

for (const [text, condition] of Object.entries(understood)) {
  test(`understands ${text}`, () => {
    assert.deepEqual(parseCondition(text), { condition });
  });
}

const PLACEHOLDERS = 'one of [STATUS], [RESPONSE_TIME], [CERTIFICATE_EXPIRATION], [CONNECTED], [BODY]';

const misread: Readonly<Record<string, string>> = {
  '': `Expected ${PLACEHOLDERS} at position 1, found the end.`,
  'STATUS == 200': `Expected ${PLACEHOLDERS} at position 1, found "STATUS == 200".`,
  '[STATE] == 200': `Expected ${PLACEHOLDERS} at position 1, found "[STATE] == 200".`,
  'len([BODY]) == 3': `Expected ${PLACEHOLDERS} at position 1, found "len([BODY]) == 3".`,
  '[STATUS] = 200': 'Expected one of == != <= >= < > at position 10, found "= 200".',
  '[STATUS].x == 200': 'Expected one of == != <= >= < > at position 9, found ".x == 200".',
  '[STATUS] ==': 'Expected a number from 100 to 599, such as 200 at position 12, found the end.',
  '[STATUS] == 2xx': 'Expected a number from 100 to 599, such as 200 at position 13, found "2xx".',
  '[STATUS] == 200 ok': 'Expected a number from 100 to 599, such as 200 at position 13, found "200 ok".',
  '[RESPONSE_TIME] < 800': 'Expected a duration with its unit, such as 800ms at position 19, found "800".',
  '[CONNECTED] > true': 'Expected one of == != at position 13, found "> true".',
  '[CONNECTED] == yes': 'Expected true or false at position 16, found "yes".',
  '[BODY]. == x': 'Expected the name of a key, such as .status at position 8, found " == x".',
  '[BODY][x] == x': 'Expected a position such as [0], or a key such as ["first name"] at position 8, found "x] == x".',
  '[BODY][0 == x': 'Expected "]" at position 9, found " == x".',
  '[BODY] > tall': 'Expected a number to compare with at position 10, found "tall".',
  '[BODY] == any(a, b)':
    'Expected a text, in double quotes if it is empty or looks like something else at position 11, found "any(a, b)".',
  '[BODY] == "open':
    'Expected a text, in double quotes if it is empty or looks like something else at position 11, found "\\"open".',
  '[BODY] == "\\x"': 'Expected a text in double quotes, escaped as in JSON at position 11, found "\\"\\\\x\\"".',
  '[BODY] == "a" b': 'Expected the end after the closing quote at position 15, found "b".',
};

for (const [text, complaint] of Object.entries(misread)) {
  test(`says what is wrong with ${text || 'nothing'}`, () => {
    const reading = parseCondition(text);

    assert.ok('misreading' in reading);
    assert.equal(explainMisreading(reading.misreading), complaint);
  });
}

test('what is printed is understood as what it was', () => {
  fc.assert(
    fc.property(conditions(), (condition) => {
      assert.deepEqual(parseCondition(printCondition(condition)), { condition });
    }),
  );
});

test('no text makes the parser throw', () => {
  const words = fc.constantFrom('[STATUS]', '[BODY]', '[', ']', '.', '"', '\\', '==', '<', ' ', 'any(', '1', 'd', 'a');
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(words).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const reading = parseCondition(text);
      assert.ok('condition' in reading || reading.misreading.position <= text.length + 1);
    }),
  );
});

function conditions(): fc.Arbitrary<Condition> {
  const operators = fc.constantFrom(...OPERATORS);
  const equalities = fc.constantFrom(...OPERATORS.filter(isEquality));
  const path = fc.array(
    fc.oneof(fc.nat({ max: 999_999_999 }), fc.string({ maxLength: 10 }), fc.constantFrom('status', 'a-b', '$x')),
    {
      maxLength: 5,
    },
  );
  const number = fc.integer({ min: 100, max: 599 }).map((amount) => ({ kind: 'number', amount }) as const);
  const duration = fc.maxSafeNat().map((amount) => ({ kind: 'duration', amount }) as const);
  const truth = fc.boolean().map((isTrue) => ({ kind: 'boolean', isTrue }) as const);
  const quoted = fc
    .string({ unit: 'binary', maxLength: 20 })
    .map((text) => ({ kind: 'text', text, isQuoted: true }) as const);
  const bare = fc.constantFrom('ok', 'all is well', '-1.5', 'null', '{}').map((text) => {
    return { kind: 'text', text, isQuoted: false } as const;
  });
  const decimals = fc.double({ noDefaultInfinity: true, noNaN: true }).map((of) => {
    return { kind: 'text', text: String(of), isQuoted: false } as const;
  });
  const only = (placeholder: 'STATUS' | 'RESPONSE_TIME' | 'CERTIFICATE_EXPIRATION' | 'CONNECTED') =>
    fc.constant({ placeholder, path: [] });
  const body = path.map((steps) => ({ placeholder: 'BODY', path: steps }) as const);
  const record = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { noNullPrototype: true });
  return fc.oneof(
    record({ subject: only('STATUS'), operator: operators, value: number }),
    record({ subject: only('RESPONSE_TIME'), operator: operators, value: duration }),
    record({ subject: only('CERTIFICATE_EXPIRATION'), operator: operators, value: duration }),
    record({ subject: only('CONNECTED'), operator: equalities, value: truth }),
    record({ subject: body, operator: equalities, value: fc.oneof(quoted, bare) }),
    record({ subject: body, operator: operators, value: decimals }),
  );
}
