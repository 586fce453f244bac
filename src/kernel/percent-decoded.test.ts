import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentDecoded } from './percent-decoded.ts';

test('parts of an address are decoded, and a lone per cent sign means itself', () => {
  assert.equal(percentDecoded('p%3Aa%2Fss'), 'p:a/ss');
  assert.equal(percentDecoded('50%off'), '50%off');
  assert.equal(percentDecoded('%ff'), '%ff');
  assert.equal(percentDecoded(''), '');
});
