import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type Asked,
  type Choice,
  type Condition,
  FUNCTIONS,
  type FunctionName,
  isEquality,
  OPERATORS,
  type Placeholder,
  printCondition,
} from './condition.ts';
import { explainMisreading, parseCondition } from './parse.ts';

const STATUS: Asked = { kind: 'placeholder', placeholder: 'STATUS', path: [] };
const RESPONSE_TIME: Asked = { kind: 'placeholder', placeholder: 'RESPONSE_TIME', path: [] };

const understood: Readonly<Record<string, Condition>> = {
  '[STATUS] == 200': { left: STATUS, operator: '==', right: { kind: 'number', amount: 200 } },
  '  [RESPONSE_TIME]<1s500ms ': { left: RESPONSE_TIME, operator: '<', right: { kind: 'duration', amount: 1500 } },
  '[RESPONSE_TIME] < 500': { left: RESPONSE_TIME, operator: '<', right: { kind: 'duration', amount: 500 } },
  '[CERTIFICATE_EXPIRATION] >= 14d': {
    left: of('CERTIFICATE_EXPIRATION'),
    operator: '>=',
    right: { kind: 'duration', amount: 1_209_600_000 },
  },
  '[CONNECTED] != true': { left: of('CONNECTED'), operator: '!=', right: { kind: 'boolean', isTrue: true } },
  '[BODY] == all is well': {
    left: of('BODY'),
    operator: '==',
    right: { kind: 'text', text: 'all is well', isQuoted: false },
  },
  '[BODY].path.to[0]["first name"] == " \\"x\\" "': {
    left: of('BODY', 'path', 'to', 0, 'first name'),
    operator: '==',
    right: { kind: 'text', text: ' "x" ', isQuoted: true },
  },
  '[BODY].free > 1.5e3': {
    left: of('BODY', 'free'),
    operator: '>',
    right: { kind: 'text', text: '1.5e3', isQuoted: false },
  },
  '[BODY] == ["a", {"b": 1}]': {
    left: of('BODY'),
    operator: '==',
    right: { kind: 'text', text: '["a", {"b": 1}]', isQuoted: false },
  },
  '200 == [STATUS]': { left: { kind: 'number', amount: 200 }, operator: '==', right: STATUS },
  '"a = b" != [HEADERS]["x-y"]': {
    left: { kind: 'text', text: 'a = b', isQuoted: true },
    operator: '!=',
    right: of('HEADERS', 'x-y'),
  },
  '[BODY].at <= [RESPONSE_TIME]': { left: of('BODY', 'at'), operator: '<=', right: RESPONSE_TIME },
  'age([BODY].backup.at) < 26h': {
    left: call('age', of('BODY', 'backup', 'at')),
    operator: '<',
    right: { kind: 'duration', amount: 93_600_000 },
  },
  '3 < len([BODY].a)': {
    left: { kind: 'number', amount: 3 },
    operator: '<',
    right: call('len', of('BODY', 'a')),
  },
  '[STATUS] != any( pat(2*), 404 ,[BODY].code)': {
    left: STATUS,
    operator: '!=',
    right: {
      kind: 'any',
      of: [{ kind: 'glob', glob: '2*' }, { kind: 'number', amount: 404 }, of('BODY', 'code')],
    },
  },
  '[BODY] == any("a, b", c d)': {
    left: of('BODY'),
    operator: '==',
    right: {
      kind: 'any',
      of: [
        { kind: 'text', text: 'a, b', isQuoted: true },
        { kind: 'text', text: 'c d', isQuoted: false },
      ],
    },
  },
  '[BODY] == pat(*<h1>Hello, (you)*)': {
    left: of('BODY'),
    operator: '==',
    right: { kind: 'glob', glob: '*<h1>Hello, (you)*' },
  },
};

for (const [text, condition] of Object.entries(understood)) {
  test(`understands ${text}`, () => {
    assert.deepEqual(parseCondition(text), { condition });
  });
}

/** From the tables of its README; they mean the same here. */
const GATUS = [
  '[STATUS] == 200',
  '[STATUS] < 300',
  '[STATUS] <= 299',
  '[STATUS] > 400',
  '[STATUS] == any(200, 429)',
  '[STATUS] == [BODY].status',
  '[CONNECTED] == true',
  '[RESPONSE_TIME] < 500',
  '[IP] == 127.0.0.1',
  '[IP] == pat(192.168.*)',
  '[BODY] == 1',
  '[BODY] == pat(*.*.*.*)',
  '[BODY][0].id == 1',
  '[BODY].user.name == john',
  '[BODY].data[0].id == 1',
  '[BODY].age == [BODY].id',
  '[BODY].ip == any(127.0.0.1, ::1)',
  '[BODY].price == [CONTEXT].price',
  'len([BODY].data) < 5',
  'len([BODY].name) == 8',
  'has([BODY].errors) == false',
  'has([BODY].users[0].name) == true',
  '[BODY].name == pat(john*)',
  '[BODY].id == any(1, 2)',
  '[CERTIFICATE_EXPIRATION] > 48h',
  '[DOMAIN_EXPIRATION] > 720h',
  '[DNS_RCODE] == NOERROR',
];

for (const text of GATUS) {
  test(`takes what Gatus documents: ${text}`, () => {
    assert.ok('condition' in parseCondition(text));
  });
}

const KNOWN: readonly Placeholder[] = ['STATUS', 'CONNECTED', 'HEADERS', 'BODY', 'CONTEXT'];
const PLACEHOLDERS = 'one of [STATUS], [CONNECTED], [HEADERS], [BODY], [CONTEXT]';
const TEXT = 'a text, in double quotes if it is empty or looks like something else';

const misread: Readonly<Record<string, string>> = {
  '': `Expected ${PLACEHOLDERS} at position 1, found the end.`,
  'STATUS == 200': `Expected ${PLACEHOLDERS} at position 1, found "STATUS == 200".`,
  'raw == raw': `Expected ${PLACEHOLDERS} at position 1, found "raw == raw".`,
  '[STATE] == 200': `Expected ${PLACEHOLDERS} at position 1, found "[STATE] == 200".`,
  '[STATSU] == 200': `Expected ${PLACEHOLDERS} at position 1, found "[STATSU] == 200". Did you mean [STATUS]?`,
  'size([BODY]) == 3': `Expected ${PLACEHOLDERS} at position 1, found "size([BODY]) == 3".`,
  'len(x) == 3': 'Expected what to ask, such as [BODY].items at position 5, found "x) == 3".',
  'len([STATUS]) == 3': 'Expected one of [HEADERS], [BODY], [CONTEXT] at position 5, found "[STATUS]) == 3".',
  'len([BODY] == 3': 'Expected ")" at position 11, found " == 3".',
  'len([BODY]) == 1.5': 'Expected a whole number, such as 3 at position 16, found "1.5".',
  'has([BODY].a) > true': 'Expected one of == != at position 15, found "> true".',
  'age([BODY].at) < 5': 'Expected a duration with its unit, such as 800ms at position 18, found "5".',
  '[STATUS] = 200': 'Expected one of == != <= >= < > at position 10, found "= 200".',
  '[STATUS].x == 200': 'Expected one of == != <= >= < > at position 9, found ".x == 200".',
  '[STATUS] ==': 'Expected a number from 100 to 599, such as 200 at position 12, found the end.',
  '[STATUS] == 2xx': 'Expected a number from 100 to 599, such as 200 at position 13, found "2xx".',
  '[STATUS] == 200 ok': 'Expected a number from 100 to 599, such as 200 at position 13, found "200 ok".',
  '[STATUS] == [CONNECTED]': 'Expected a number from 100 to 599, such as 200 at position 13, found "[CONNECTED]".',
  '[BODY].a < [CONNECTED]': 'Expected a number to compare with at position 12, found "[CONNECTED]".',
  '[STATUS] < any(200, 300)': 'Expected a number from 100 to 599, such as 200 at position 12, found "any(200, 300)".',
  '[STATUS] == any(200, x)': 'Expected a number from 100 to 599, such as 200 at position 22, found "x)".',
  '[STATUS] == any(200': 'Expected "," or ")" at position 20, found the end.',
  'any(200, 300) == [STATUS]':
    'Expected what is asked, such as [STATUS]; any(…) and pat(…) stand on the right of == or != at position 1, ' +
    'found "any(200, 300) == [ST".',
  '99 == [STATUS]': 'Expected a number from 100 to 599, such as 200 at position 1, found "99 == [STATUS]".',
  'true < [CONNECTED]': 'Expected one of == != at position 6, found "< [CONNECTED]".',
  '[RESPONSE_TIME] < 800 s': 'Expected a duration with its unit, such as 800ms at position 19, found "800 s".',
  '[CERTIFICATE_EXPIRATION] > 48': 'Expected a duration with its unit, such as 800ms at position 28, found "48".',
  '[RESPONSE_TIME] == pat(1*)': 'Expected a duration with its unit, such as 800ms at position 20, found "pat(1*)".',
  '[CONNECTED] > true': 'Expected one of == != at position 13, found "> true".',
  '[CONNECTED] == yes': 'Expected true or false at position 16, found "yes".',
  '[IP] < 1': 'Expected one of == != at position 6, found "< 1".',
  '[HEADERS] == x': 'Expected the name of one header, such as ["content-type"] at position 10, found " == x".',
  '[CONTEXT] == x': 'Expected the name of a kept value, such as .token at position 10, found " == x".',
  '[BODY] == [STATSU]': `Expected ${PLACEHOLDERS} at position 11, found "[STATSU]". Did you mean [STATUS]?`,
  '[BODY]. == x': 'Expected the name of a key, such as .status at position 8, found " == x".',
  '[BODY][x] == x': 'Expected a position such as [0], or a key such as ["first name"] at position 8, found "x] == x".',
  '[BODY][0 == x': 'Expected "]" at position 9, found " == x".',
  '[BODY] > tall': 'Expected a number to compare with at position 10, found "tall".',
  '[BODY] == of(a, b)': `Expected ${TEXT} at position 11, found "of(a, b)".`,
  '[BODY] == pat()': 'Expected a text with * for what may vary, such as pat(ok*) at position 15, found ")".',
  '[BODY] == pat(x': 'Expected a text with * for what may vary, such as pat(ok*) at position 15, found "x".',
  '[BODY] == "open': `Expected ${TEXT} at position 11, found "\\"open".`,
  '[BODY] == "\\x"': 'Expected a text in double quotes, escaped as in JSON at position 11, found "\\"\\\\x\\"".',
  '[BODY] == "a" b': 'Expected the end at position 15, found "b".',
};

for (const [text, complaint] of Object.entries(misread)) {
  test(`says what is wrong with ${text || 'nothing'}`, () => {
    const reading = parseCondition(text, KNOWN);

    assert.ok('misreading' in reading);
    assert.equal(explainMisreading(reading.misreading), complaint);
  });
}

test('what is printed is understood as what it was', () => {
  fc.assert(
    fc.property(conditions(), (condition) => {
      assert.deepEqual(parseCondition(printCondition(condition)), { condition });
    }),
    { numRuns: 1000 },
  );
});

test('no text makes the parser throw', () => {
  const words = fc.constantFrom(
    ...'[STATUS]~[BODY]~[HEADERS]~[CONTEXT]~[~]~.~"~\\~==~!=~<~ ~,~(~)~any(~pat(~len(~age(~1~200~d~a~*~true~\n'.split(
      '~',
    ),
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(words).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const reading = parseCondition(text);
      assert.ok('condition' in reading || reading.misreading.position <= text.length + 1);
    }),
    { numRuns: 2000 },
  );
});

test('whatever is understood means the same when it is printed and read again', () => {
  const words = fc.constantFrom(
    ...'[STATUS]~[BODY]~[BODY].a~[IP]~len([BODY])~ == ~ != ~ < ~any(~pat(~, ~)~"~200~1s~a~*~ ~true'.split('~'),
  );
  fc.assert(
    fc.property(
      fc.array(words, { minLength: 3, maxLength: 9 }).map((parts) => parts.join('')),
      (text) => {
        const reading = parseCondition(text);
        if ('condition' in reading) assert.deepEqual(parseCondition(printCondition(reading.condition)), reading);
      },
    ),
    { numRuns: 5000 },
  );
});

function of(placeholder: Placeholder, ...path: readonly (string | number)[]): Asked & { kind: 'placeholder' } {
  return { kind: 'placeholder', placeholder, path };
}

function call(name: FunctionName, reference: Asked & { kind: 'placeholder' }): Asked {
  return { kind: 'call', name, of: reference };
}

function conditions(): fc.Arbitrary<Condition> {
  const operators = fc.constantFrom(...OPERATORS);
  const equalities = fc.constantFrom(...OPERATORS.filter(isEquality));
  const keys = fc.oneof(fc.string({ maxLength: 10 }), fc.constantFrom('status', 'a-b', '$x'));
  const steps = fc.array(fc.oneof(fc.nat({ max: 999_999_999 }), keys), { maxLength: 5 });
  const body = steps.map((path) => of('BODY', ...path));
  const open = fc.oneof(
    body,
    keys.map((name) => of('HEADERS', name)),
    fc.tuple(keys, steps).map(([name, rest]) => of('CONTEXT', name, ...rest)),
  );
  const calls = (...names: readonly FunctionName[]) =>
    fc.tuple(fc.constantFrom(...names), open).map(([name, reference]) => call(name, reference));
  const record = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { noNullPrototype: true });

  const status = fc.integer({ min: 100, max: 599 }).map((amount) => ({ kind: 'number', amount }) as const);
  const count = fc.nat({ max: 999_999_999 }).map((amount) => ({ kind: 'number', amount }) as const);
  const duration = fc.maxSafeNat().map((amount) => ({ kind: 'duration', amount }) as const);
  const truth = fc.boolean().map((isTrue) => ({ kind: 'boolean', isTrue }) as const);
  const quoted = fc
    .string({ unit: 'binary', maxLength: 20 })
    .map((text) => ({ kind: 'text', text, isQuoted: true }) as const);
  const bare = fc.constantFrom('ok', 'all is well', '-1.5', 'null', '{}', '127.0.0.1').map((text) => {
    return { kind: 'text', text, isQuoted: false } as const;
  });
  const decimals = fc.double({ noDefaultInfinity: true, noNaN: true }).map((amount) => {
    return { kind: 'text', text: String(amount), isQuoted: false } as const;
  });
  const globs = fc.string({ minLength: 1, maxLength: 12 }).map((glob) => ({ kind: 'glob', glob }) as const);
  const anyOf = <T extends Choice>(choices: fc.Arbitrary<T>) =>
    fc.array(choices, { minLength: 1, maxLength: 4 }).map((list) => ({ kind: 'any', of: list }) as const);

  const statusLike = fc.constant(STATUS);
  const durations = fc.oneof(
    fc.constantFrom(RESPONSE_TIME, of('CERTIFICATE_EXPIRATION'), of('DOMAIN_EXPIRATION')),
    calls('age'),
  );
  const booleans = fc.oneof(fc.constant(of('CONNECTED')), calls('has'));
  const names = fc.constantFrom(of('IP'), of('DNS_RCODE'));
  assert.deepEqual(Object.keys(FUNCTIONS), ['len', 'has', 'age']);
  return fc.oneof(
    record({ left: statusLike, operator: operators, right: fc.oneof(status, open, calls('len')) }),
    record({ left: fc.oneof(status, open), operator: operators, right: statusLike }),
    record({ left: statusLike, operator: equalities, right: fc.oneof(globs, anyOf(fc.oneof(status, globs, open))) }),
    record({ left: calls('len'), operator: operators, right: fc.oneof(count, open) }),
    record({ left: durations, operator: operators, right: fc.oneof(duration, durations, open) }),
    record({ left: duration, operator: operators, right: durations }),
    record({ left: booleans, operator: equalities, right: fc.oneof(truth, open) }),
    record({ left: booleans, operator: equalities, right: anyOf(truth) }),
    record({ left: truth, operator: equalities, right: booleans }),
    record({ left: names, operator: equalities, right: fc.oneof(quoted, bare, names) }),
    record({ left: names, operator: equalities, right: fc.oneof(globs, anyOf(quoted)) }),
    record({ left: open, operator: equalities, right: fc.oneof(quoted, bare, open) }),
    record({ left: open, operator: equalities, right: globs }),
    record({ left: open, operator: equalities, right: anyOf(fc.oneof(quoted, bare, globs, open)) }),
    record({ left: fc.oneof(quoted, bare), operator: equalities, right: open }),
    record({ left: open, operator: operators, right: fc.oneof(decimals, open) }),
    record({ left: decimals, operator: operators, right: open }),
  );
}
