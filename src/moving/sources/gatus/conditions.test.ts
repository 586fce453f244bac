import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unlike } from '../../unlike.ts';
import { conditionOf } from './conditions.ts';

const SAID: readonly (readonly [gatus: string, here: string])[] = [
  ['[STATUS] == 200', '[STATUS] == 200'],
  ['[STATUS] <= 299', '[STATUS] <= 299'],
  ['200 == [STATUS]', '200 == [STATUS]'],
  ['[status] == any(200, 429)', '[STATUS] == any(200, 429)'],
  ['pat(2*) == [STATUS]', '[STATUS] == pat(2*)'],
  ['[RESPONSE_TIME] < 500', '[RESPONSE_TIME] < 500'],
  ['[CERTIFICATE_EXPIRATION] > 48h', '[CERTIFICATE_EXPIRATION] > 48h'],
  ['[CERTIFICATE_EXPIRATION] > 172800000', '[CERTIFICATE_EXPIRATION] > 172800000ms'],
  ['age([HEADER].Last-Modified) < 600000', 'age([HEADERS]["Last-Modified"]) < 600000ms'],
  ['[IP] == 127.0.0.1', '[IP] == 127.0.0.1'],
  ['[BODY].data[0].id == 1', '[BODY].data[0].id == 1'],
  ['[BODY][0].first name == Ada', '[BODY][0]["first name"] == Ada'],
  ['[BODY].age == [BODY].id', '[BODY].age == [BODY].id'],
  ['len([BODY].name) == 8', 'len([BODY].name) == 8'],
  ['has([BODY].errors) == false', 'has([BODY].errors) == false'],
  ['[BODY].name == pat(john*)', '[BODY].name == pat(john*)'],
  ['[BODY] == pat(*<h1>Shop (old), or not</h1>*)', '[BODY] == pat("*<h1>Shop (old), or not</h1>*")'],
  ['[BODY].ip == any(127.0.0.1, ::1)', '[BODY].ip == any(127.0.0.1, ::1)'],
  ['[BODY] == ', '[BODY] == ""'],
  ['[BODY] == "ok"', String.raw`[BODY] == "\"ok\""`],
  ['[BODY] == ok(1)', '[BODY] == "ok(1)"'],
  ['[BODY].list == []', '[BODY].list == []'],
  ['[BODY].price == [CONTEXT].price', '[BODY].price == 19.99'],
  ['[BODY].id == [CONTEXT].itemId', '[BODY].id == [CONTEXT].itemId'],
];

test('the conditions of the manual of Gatus are said the same way here', () => {
  const known = new Map([['price', '19.99']]);
  for (const [gatus, here] of SAID) assert.equal(conditionOf(gatus, known), here);
});

test('what cannot be said is never said more weakly', () => {
  for (const condition of [
    '[BODY].items[*].ok == true',
    '[BODY] == pat(a?c)',
    '[BODY] == pat([ab]c)',
    'age([BODY].at, 2006-01-02) < 1h',
    '[STATUS] is 200',
    '[BODY] == a == b',
    '',
  ]) {
    assert.throws(() => conditionOf(condition), Unlike, condition);
  }
});
