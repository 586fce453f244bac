import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readerOf } from './byte-reader.ts';
import { Complaint } from './conversation.ts';
import { mechanismFor, readReply } from './smtp.ts';

test('a reply of several lines ends with the one without a hyphen', async () => {
  const reply = await readReply(saying('250-mail.example\r\n250-AUTH PLAIN\r\n250 SIZE 1\r\n220 more\r\n'));

  assert.deepEqual(reply, { code: 250, lines: ['mail.example', 'AUTH PLAIN', 'SIZE 1'] });
});

test('a reply without words, or with bare line ends, is one too', async () => {
  assert.deepEqual(await readReply(saying('250\n')), { code: 250, lines: [''] });
});

test('a reply without end is none', async () => {
  await assert.rejects(readReply(saying('250-a\r\n'.repeat(1_000))), /without end/);
  await assert.rejects(readReply(saying('2'.repeat(9_000))), Complaint);
});

test('in the clear only a login that hides the password is used', () => {
  const all = new Map([['AUTH', 'login plain CRAM-MD5']]);

  assert.equal(mechanismFor(all, true), 'PLAIN');
  assert.equal(mechanismFor(all, false), 'CRAM-MD5');
  assert.equal(mechanismFor(new Map([['AUTH', 'LOGIN']]), true), 'LOGIN');
  assert.equal(mechanismFor(new Map([['AUTH', 'LOGIN PLAIN']]), false), undefined);
  assert.equal(mechanismFor(new Map(), true), undefined);
});

test('any bytes at all are read, or refused with a complaint', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom('2', '5', '-', '0', ' ', '\r', '\n', 'a', '\u0000') }),
      async (said) => {
        await readReply(saying(said)).catch((error: unknown) => assert.ok(error instanceof Complaint));
      },
    ),
  );
});

function saying(text: string) {
  return readerOf(pieces(Buffer.from(text)));
}

async function* pieces(bytes: Buffer): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
}
