import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readerOf } from './byte-reader.ts';
import { Complaint } from './conversation.ts';
import { infoIn, readInfo } from './nats.ts';

test('what a server says of itself is read, and what it leaves out is not so', () => {
  const info = infoIn('INFO {"server_name":"a","tls_available":true,"auth_required":true,"ldm":true} ');

  assert.deepEqual([info?.hasTls, info?.needsTls, info?.needsLogin, info?.isLeaving], [true, false, true, true]);
  assert.equal(infoIn('INFO {}')?.isLeaving, false);
});

test('nothing but INFO with JSON is taken for it', () => {
  for (const line of ['', 'PONG', 'INFO', 'INFO {', 'INFO {nope}', 'INFO []', 'HTTP/1.1 400 Bad Request']) {
    assert.equal(infoIn(line), undefined, line);
  }
});

test('any bytes at all are read, or refused with a complaint', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), fc.boolean(), async (bytes, isInfo) => {
      const sent = [Buffer.from(isInfo ? 'INFO {' : ''), Buffer.from(bytes), Buffer.from(isInfo ? '}\r\n' : '\r\n')];
      await readInfo(readerOf(pieces(sent))).catch((error: unknown) => assert.ok(error instanceof Complaint));
    }),
  );
});

async function* pieces(all: readonly Buffer[]): AsyncIterable<Buffer> {
  yield* all;
}
