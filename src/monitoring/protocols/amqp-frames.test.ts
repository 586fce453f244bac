import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { argumentsOf, encodeMethod, longText, PROTOCOL_HEADER, readMethod, short, table } from './amqp-frames.ts';
import { readerOf } from './byte-reader.ts';
import { Complaint } from './conversation.ts';

test('a method is written with its numbers, its length and its end', () => {
  assert.equal(encodeMethod(1, '20.10', Buffer.from([0])).toString('hex'), '010001000000050014000a00ce');
});

test('a table is written with the kind of each value', () => {
  assert.equal(
    table({ a: 'b', c: true, d: { e: false } }).toString('hex'),
    ['00000017', '0161', '53', '00000001', '62', '0163', '74', '01', '0164', '46', '00000004', '0165', '74', '00'].join(
      '',
    ),
  );
});

test('what is written can be read again, however it is cut', async () => {
  const bytes = encodeMethod(7, '50.11', short(515), longText('orders'));
  for (const size of [1, 3, bytes.length]) {
    const method = await readMethod(readerOf(inPieces(bytes, size)));
    const content = argumentsOf(method);

    assert.deepEqual([method.channel, method.id], [7, '50.11']);
    assert.deepEqual([content.short(), content.longText()], [515, 'orders']);
    assert.throws(() => content.shortText(), Complaint);
  }
});

test('another version of AMQP is told from no AMQP', async () => {
  await assert.rejects(readMethod(readerOf(inPieces(PROTOCOL_HEADER, 8))), /another version of AMQP/);
  await assert.rejects(
    readMethod(readerOf(inPieces(Buffer.from('HTTP/1.1 400 Bad Request'), 8))),
    /does not answer as/,
  );
  await assert.rejects(readMethod(readerOf(inPieces(Buffer.alloc(0), 8))), /closed the connection/);
});

test('heartbeats without end are no answer', async () => {
  const beat = Buffer.from('08000000000000ce', 'hex');
  const beats = Buffer.concat(Array.from({ length: 2_000 }, () => beat));

  await assert.rejects(readMethod(readerOf(inPieces(beats, 4_096))), /frames without end/);
});

test('any bytes at all are read, or refused with a complaint', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), fc.boolean(), async (bytes, isFramed) => {
      const sent = isFramed ? encodeMethod(0, '10.10', Buffer.from(bytes)) : Buffer.from(bytes);
      try {
        const content = argumentsOf(await readMethod(readerOf(inPieces(sent, 9))));
        content.skip(1);
        content.shortText();
        content.longText();
        content.long();
      } catch (error) {
        assert.ok(error instanceof Complaint);
      }
    }),
  );
});

async function* inPieces(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
