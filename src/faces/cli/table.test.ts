import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bad, render, widthOf } from './styled.ts';
import { type Column, table } from './table.ts';

const HEAD: readonly Column[] = [
  { title: 'name', mayShrink: true },
  { title: 'ms', isNumeric: true },
  { title: 'reason', mayShrink: true },
];
const ROWS = [
  ['web', 7, '-'],
  ['日本', 1204, bad('the answer came with HTTP 503 instead of any 2xx')],
];

test('columns line up, numbers on the right', () => {
  const lines = table(HEAD, ROWS, null).map((each) => render(each, false));

  assert.deepEqual(lines, [
    'NAME    MS  REASON',
    'web      7  -',
    '日本  1204  the answer came with HTTP 503 instead of any 2xx',
  ]);
});

test('what stands in a cell cannot write a row of its own', () => {
  const lines = table(HEAD, [['web', 7, bad('broken\napi\t8  all is well')]], null).map((each) => render(each, false));

  assert.deepEqual(lines, ['NAME  MS  REASON', 'web    7  broken api 8  all is well']);
});

test('on a narrow terminal the widest column gives way', () => {
  const lines = table(HEAD, ROWS, 40);

  assert.ok(lines.every((each) => widthOf(each) <= 40));
  assert.match(render(lines[2] ?? '', false), /…$/);
});

test('no column shrinks until it says nothing', () => {
  const lines = table(HEAD, ROWS, 10).map((each) => render(each, false));

  assert.match(lines[2] ?? '', /the answer…$/);
});
