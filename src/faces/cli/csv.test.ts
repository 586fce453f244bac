import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvLine } from './csv.ts';

for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '  =1']) {
  test(`${JSON.stringify(text)} is kept from being a formula`, () => {
    assert.match(csvLine([text]), /^"?'/);
  });
}

test('what could steer a terminal is shown as a replacement character', () => {
  assert.equal(
    csvLine(['\u{1b}[2J', 'a\u{9b}31m', '\u{202e}b\u{2066}', 'tab\there\n']),
    '\u{fffd}[2J,a\u{fffd}31m,\u{fffd}b\u{fffd},"tab\there\n"\n',
  );
});

test('quotes, commas and line breaks stay inside their cell', () => {
  assert.equal(csvLine(['a"b', 'c,d', 'e\nf', 'plain', 1.5, null]), '"a""b","c,d","e\nf",plain,1.5,\n');
});
