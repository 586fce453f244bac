import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { element, integer, octets, sequence, TAG } from './ber.ts';
import { LdapUnreadable, ldapOver } from './ldap.ts';

function saying(pieces: readonly Uint8Array[]): { readonly socket: Duplex; readonly heard: Buffer[] } {
  const heard: Buffer[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      heard.push(chunk);
      done();
    },
  });
  for (const piece of pieces) socket.push(piece);
  socket.push(null);
  return { socket, heard };
}

const result = (id: number, tag: number, code: number) =>
  sequence(integer(id), element(tag, integer(code, TAG.enumerated), octets(''), octets('')));

test('a login and a look are said as RFC 4511 has them', async () => {
  const entry = sequence(integer(2), element(0x64, octets('dc=test'), sequence()));
  const { socket, heard } = saying([result(1, 0x61, 0), entry, result(2, 0x65, 32)]);
  const client = ldapOver(socket);

  assert.equal(await client.bind('cn=a', 'b'), 0);
  assert.equal(await client.exists('dc=test'), 32);
  client.unbind();

  assert.deepEqual(
    heard.map((bytes) => bytes.toString('hex')),
    [
      '3011020101600c0201030404636e3d61800162',
      '3031020102632c040764633d746573740a01000a01000201010201000101ff870b6f626a656374436c61737330050403312e31',
      '30050201034200',
    ],
  );
});

test('whatever a server sends, either it is a result or it is said to be unreadable', async () => {
  const anything = fc.uint8Array({ maxLength: 60 });
  const framed = anything.map((bytes) => sequence(bytes));
  const code = fc.nat(200).map((each) => result(1, 0x61, each));

  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(anything, framed, code), { maxLength: 5 }), async (pieces) => {
      try {
        assert.equal(typeof (await ldapOver(saying(pieces).socket).bind('', '')), 'number');
      } catch (error) {
        assert.ok(error instanceof LdapUnreadable, String(error));
      }
    }),
  );
});
