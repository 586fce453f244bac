import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { repliesFrom } from './redis-replies.ts';

test('however an answer is cut, the replies are the same', async () => {
  const whole = Buffer.from('+OK\r\n+PONG\r\n$26\r\n# Memory\r\nused_memory:17\r\n\r\n');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 })), async (sizes) => {
      const socket = new PassThrough();
      let at = 0;
      for (const size of sizes) {
        socket.write(whole.subarray(at, at + size));
        at += size;
      }
      socket.end(whole.subarray(at));

      const { lines, info } = await repliesFrom(socket, 2);

      assert.deepEqual(lines, ['+OK', '+PONG']);
      assert.equal(info?.get('used_memory'), '17');
    }),
  );
});

test('whatever a server sends is read to some end', async () => {
  const pieces = fc.constantFrom('+OK', '\r\n', '$', '9', '-ERR', 'a:b', '\0', '$999999999999');
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), async (texts, count) => {
      const socket = new PassThrough();
      socket.end(texts.join(''));

      const { lines } = await repliesFrom(socket, count);

      assert.ok(lines.every((line) => !line.includes('\r\n')));
    }),
  );
});
