import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseCondition } from '../../../monitoring/expectations/parse.ts';
import { jsonCondition, statusConditions } from './conditions.ts';

const accepted: readonly (readonly [unknown, readonly string[] | undefined])[] = [
  [['200-299'], []],
  [undefined, []],
  [['200-399'], ['[STATUS] == any(pat(2*), pat(3*))']],
  [['200'], ['[STATUS] == 200']],
  [['200', '204', '301'], ['[STATUS] == any(200, 204, 301)']],
  [['200-299', '401'], ['[STATUS] == any(pat(2*), 401)']],
  [['300-399'], ['[STATUS] == pat(3*)']],
  [['201-230'], ['[STATUS] >= 201', '[STATUS] <= 230']],
  [['teapot'], undefined],
];

for (const [codes, conditions] of accepted) {
  test(`${JSON.stringify(codes) ?? 'nothing said'} is ${JSON.stringify(conditions) ?? 'refused'}`, () => {
    assert.deepEqual(statusConditions(codes), conditions);
  });
}

const code = fc.integer({ min: 100, max: 599 });
const range = fc.tuple(code, code).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);

test('accepted status codes become conditions that hold for just these', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(code.map(String), range), { minLength: 1, maxLength: 5 }), code, (codes, status) => {
      const conditions = statusConditions(codes);
      if (conditions === undefined) return;
      for (const condition of conditions) assert.ok('condition' in parseCondition(condition), condition);
      const isAccepted = codes.some((each) => {
        const [from = 0, to = from] = each.split('-').map(Number);
        return status >= from && status <= to;
      });
      assert.equal(holds(conditions, status), isAccepted, `${conditions.join(' ')} ${status}`);
    }),
  );
});

function holds(conditions: readonly string[], status: number): boolean {
  const all = conditions.length === 0 ? ['[STATUS] == pat(2*)'] : conditions;
  return all.every((condition) => {
    const [, operator = '', right = ''] = /^\[STATUS\] (\S+) (.+)$/.exec(condition) ?? [];
    if (operator === '>=') return status >= Number(right);
    if (operator === '<=') return status <= Number(right);
    const choices = /^any\((.*)\)$/.exec(right)?.[1]?.split(', ') ?? [right];
    return choices.some((choice) => {
      const hundred = /^pat\((\d)\*\)$/.exec(choice)?.[1];
      return hundred === undefined ? Number(choice) === status : Math.floor(status / 100) === Number(hundred);
    });
  });
}

const queries: readonly (readonly [string, string, string, string | undefined])[] = [
  ['$.status', '==', 'ok', '[BODY].status == ok'],
  ['$', '==', 'all well', '[BODY] == "all well"'],
  ['items[0].name', '!=', '3', '[BODY].items[0].name != 3'],
  ['a', '>=', '1.5', '[BODY].a >= 1.5'],
  ['a', '>=', 'x', undefined],
  ['a', 'contains', 'x', '[BODY].a == pat("*x*")'],
  ['$sum(a.b)', '==', '3', undefined],
  ['a[b=1]', '==', '3', undefined],
];

for (const [path, operator, expected, condition] of queries) {
  test(`${path} ${operator} ${expected} is ${condition ?? 'refused'}`, () => {
    assert.equal(jsonCondition(path, operator, expected), condition);
    if (condition !== undefined) assert.ok('condition' in parseCondition(condition));
  });
}
