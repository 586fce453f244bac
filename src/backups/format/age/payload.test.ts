import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, createOpener, createSealer, TAG_BYTES } from './payload.ts';

const KEY = Buffer.alloc(32, 7);

test('chunks are counted beyond 32 and 64 bits', () => {
  for (const [before, after] of [
    ['000000000000000000000000', '000000000000000000000100'],
    ['000000000000000000007f00', '000000000000000000008000'],
    ['00000000000000000000ff00', '000000000000000000010000'],
    ['00000000000000ffffffff00', '000000000000010000000000'],
    ['000000ffffffffffffffff00', '000001000000000000000000'],
    ['00ffffffffffffffffffff01', '010000000000000000000001'],
  ] as const) {
    const nonce = Buffer.from(before, 'hex');
    advance(nonce);
    assert.equal(nonce.toString('hex'), after);
  }
  assert.throws(() => advance(Buffer.from('ffffffffffffffffffffff00', 'hex')), /more chunks/);
});

test('a chunk opens only at its place, as what it was, and with its key', () => {
  const sealer = createSealer(KEY);
  const first = Buffer.concat(sealer.seal(Buffer.from('first'), 'inner'));
  const second = Buffer.concat(sealer.seal(Buffer.from('second'), 'last'));
  const opener = createOpener(KEY);

  assert.equal(opener.open(second, 'last'), undefined);
  assert.equal(opener.open(first, 'last'), undefined);
  assert.equal(opener.open(first.subarray(0, -1), 'inner'), undefined);
  assert.equal(opener.open(Buffer.alloc(TAG_BYTES - 1), 'inner'), undefined);
  assert.equal(createOpener(Buffer.alloc(32)).open(first, 'inner'), undefined);
  assert.equal(String(opener.open(first, 'inner')), 'first');
  assert.equal(opener.open(first, 'inner'), undefined);
  assert.equal(String(opener.open(second, 'last')), 'second');
});
