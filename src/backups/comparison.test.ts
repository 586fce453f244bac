import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareTables, sayComparison, sayDifferences, sayNothingCompared } from './comparison.ts';

const DUMPED = [
  { name: 'orders', rows: 48_000 },
  { name: 'users', rows: 102 },
];

test('what came out as it went in has no differences', () => {
  const comparison = compareTables(DUMPED, DUMPED);

  assert.deepEqual(comparison, { tables: 2, rows: 48_102, uncounted: 0, differences: [] });
  assert.equal(sayComparison(comparison), '2 tables, 48,102 rows, all as they were.');
});

test('a table that lost rows, is missing or was never there is a difference', () => {
  const restored = [
    { name: 'orders', rows: 47_999 },
    { name: 'strangers', rows: 1 },
  ];

  assert.deepEqual(compareTables(DUMPED, restored).differences, [
    'users is missing',
    'strangers was not there',
    'orders has 47,999 rows and had 48,000',
  ]);
});

test('a table that gained rows is a difference too', () => {
  const [orders = { name: '', rows: 0 }, users = orders] = DUMPED;

  assert.equal(compareTables(DUMPED, [orders, { ...users, rows: 103 }]).differences.length, 1);
});

test('a table that was not counted in time is not held against anybody, and is told of', () => {
  const dumped = [
    { name: 'events', rows: null },
    { name: 'users', rows: 1 },
  ];
  const comparison = compareTables(dumped, [
    { name: 'events', rows: 5_000 },
    { name: 'users', rows: 1 },
  ]);

  assert.deepEqual(comparison, { tables: 2, rows: 5_001, uncounted: 1, differences: [] });
  assert.equal(
    sayComparison(comparison),
    '2 tables, 5,001 rows; all as they were, but for 1 that had not been counted in time.',
  );
});

test('a comparison that had nothing to compare says so', () => {
  const uncounted = [{ name: 'events', rows: null }];

  assert.match(sayNothingCompared(compareTables([], [])) ?? '', /^it has no table,/);
  assert.match(sayNothingCompared(compareTables(uncounted, [{ name: 'events', rows: 5 }])) ?? '', /its 1 table had is/);
  assert.equal(sayNothingCompared(compareTables(DUMPED, DUMPED)), undefined);
  assert.equal(sayNothingCompared(compareTables(uncounted, [])), undefined, 'it has a difference');
});

test('one is one', () => {
  const one = [{ name: 'users', rows: 1 }];

  assert.equal(sayComparison(compareTables(one, one)), '1 table, 1 row, all as they were.');
});

test('of many differences the first five are shown', () => {
  const many = Array.from({ length: 7 }, (_, index) => `t${index} is missing`);

  assert.equal(
    sayDifferences(many),
    't0 is missing; t1 is missing; t2 is missing; t3 is missing; t4 is missing; and 2 more',
  );
});
