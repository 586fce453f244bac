import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvLine } from './csv.ts';

for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1']) {
  test(`${JSON.stringify(text)} is kept from being a formula`, () => {
    assert.match(csvLine([text]), /^"?'/);
  });
}

test('quotes, commas and line breaks stay inside their cell', () => {
  assert.equal(csvLine(['a"b', 'c,d', 'e\nf', 'plain', 1.5, null]), '"a""b","c,d","e\nf",plain,1.5,\n');
});
