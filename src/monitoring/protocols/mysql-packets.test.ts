import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { readerOf } from './byte-reader.ts';
import { Complaint } from './conversation.ts';
import { logIn } from './mysql-login.ts';
import { packetsOn, partsOf } from './mysql-packets.ts';
import { firstRowOf } from './mysql-query.ts';

const ASKER = { user: 'app', password: 'hush', database: 'shop' };

test('whatever a packet holds, reading it ends with a value or a complaint', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.array(fc.nat(4), { maxLength: 30 }), (bytes, order) => {
      const parts = partsOf(Buffer.from(bytes));
      const reads = [parts.text, parts.value, () => parts.number(3), () => parts.bytes(5), parts.rest] as const;
      try {
        for (const which of order) reads[which]?.();
      } catch (error) {
        assert.ok(error instanceof Complaint);
      }
      assert.ok(parts.left() >= 0);
    }),
  );
});

test('whatever a server sends, a login and a query end with a complaint or an answer', async () => {
  const first = fc.constantFrom(0x00, 0x01, 0x02, 0x0a, 0xfb, 0xfc, 0xfe, 0xff);
  const content = fc.tuple(first, fc.uint8Array({ maxLength: 60 })).map(([kind, rest]) => Buffer.from([kind, ...rest]));
  await fc.assert(
    fc.asyncProperty(fc.array(content, { maxLength: 8 }), fc.boolean(), async (contents, isLogin) => {
      const socket = conversationWith(contents);
      try {
        if (isLogin) await logIn(socket, ASKER);
        else await firstRowOf(packetsOn(socket, readerOf(socket)), 'select 1', ASKER);
      } catch (error) {
        assert.ok(error instanceof Complaint, String(error));
        assert.doesNotMatch(error.message, /\p{Cc}/u);
      } finally {
        socket.destroy();
      }
    }),
    { numRuns: 400 },
  );
});

test('a packet that is out of turn is refused', async () => {
  const socket = conversationWith([Buffer.from([0]), Buffer.from([0])]);
  const packets = packetsOn(socket, readerOf(socket));

  await packets.next();
  await assert.rejects(packets.next(), Complaint);
});

/** The server's half, counted as a server counts; it ends after the last. */
function conversationWith(contents: readonly Buffer[]): PassThrough {
  const socket = new PassThrough();
  // What is written is not what is read.
  const heard = new PassThrough();
  for (const [index, content] of contents.entries()) {
    const header = Buffer.alloc(4);
    header.writeUIntLE(content.length, 0, 3);
    // The answers to a greeting and to a command take a number each.
    header.writeUInt8(index === 0 ? 0 : index * 2, 3);
    socket.push(Buffer.concat([header, content]));
  }
  socket.push(null);
  Object.assign(socket, { write: (chunk: Buffer) => heard.write(chunk) });
  return socket;
}
