import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readerOf } from './byte-reader.ts';
import { Complaint } from './conversation.ts';
import { readLine } from './imap.ts';

test('a text that is announced by its length belongs to its line', async () => {
  const line = await readLine(saying('* STATUS {7}\r\nA"\r\n(B) (MESSAGES 1 UNSEEN 0)\r\n* next\r\n'));

  assert.equal(line, '* STATUS {7} "A\\"\r\n(B)" (MESSAGES 1 UNSEEN 0)');
});

test('a line without end, or with a text without end, is refused', async () => {
  await assert.rejects(readLine(saying('* {999999999}\r\n')), /without end/);
  await assert.rejects(readLine(saying('{1}\r\na'.repeat(2_000))), /without end/);
  await assert.rejects(readLine(saying('x'.repeat(99_999))), Complaint);
  await assert.rejects(readLine(saying('* {9}\r\nabc')), /in the middle/);
});

test('any bytes at all are read, or refused with a complaint', async () => {
  const piece = fc.constantFrom('{', '}', '1', '12', '* ', 'OK', ' ', '\r\n', '\n', '"', 'a');
  await fc.assert(
    fc.asyncProperty(fc.array(piece), async (said) => {
      await readLine(saying(said.join(''))).catch((error: unknown) => assert.ok(error instanceof Complaint));
    }),
  );
});

function saying(text: string) {
  return readerOf(pieces(Buffer.from(text)));
}

async function* pieces(bytes: Buffer): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}
