import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFrameCheck } from './postgres-frames.ts';

const ready = frame('Z', 'I');
const rows = frame('D', '\u0000\u0001'.repeat(50_000));
const error = frame('E', 'SFATAL\0C28P01\0Mno\0\0');
const empty = frame('N', '\0');

test('what servers send is let through, however it is cut', () => {
  const whole = Buffer.concat([error, ready, rows, empty, ready, frame('1', '')]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 50 }), (sizes) => {
      const check = createFrameCheck();
      let at = 0;
      for (const size of sizes) {
        check(whole.subarray(at, at + size));
        at += size;
      }
      check(whole.subarray(at));
    }),
    { numRuns: 50 },
  );
});

const malformed: Readonly<Record<string, Buffer>> = {
  'a report without content': frame('E', ''),
  'a report whose last field does not end': frame('E', 'SFATAL'),
  'a report that ends without its last zero': frame('N', 'SFATAL\0'),
  'a report that is too long': frame('E', `M${'x'.repeat(40_000)}\0\0`),
  'a frame that is shorter than its own length': Buffer.from('Z\0\0\0\u0003'),
};

for (const [name, bytes] of Object.entries(malformed)) {
  test(`${name} is refused, also when it comes byte by byte`, () => {
    assert.throws(() => createFrameCheck()(Buffer.concat([ready, bytes])));
    const check = createFrameCheck();
    assert.throws(() => {
      for (const byte of bytes) check(Buffer.from([byte]));
    });
  });
}

function frame(kind: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(content) + 4);
  return Buffer.concat([Buffer.from(kind), length, Buffer.from(content)]);
}
