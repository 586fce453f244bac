import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { lookAtSsh } from './ssh.ts';
import { isSignedBy } from './ssh-host-key.ts';
import { fieldsOf, mpint, packet, SshUnreadable, text } from './ssh-wire.ts';

const QUESTION = { cookie: Buffer.alloc(16), keyAlgorithms: ['ssh-ed25519'] };

test('whatever a server sends, either it is read or it is said to be unreadable', async () => {
  const words = fc.constantFrom(
    'SSH-2.0-x\r\n',
    'SSH-1.99-x\n',
    'SSH-',
    '\r\n',
    '\u0000\u0000\u0000\u000c\u0004\u0014',
  );
  const anything = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
  const inPacket = anything.map((bytes) => packet(Buffer.from(`\u0014${bytes}`, 'latin1')).toString('latin1'));

  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(words, anything, inPacket), { maxLength: 6 }), async (pieces) => {
      const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
      for (const piece of pieces) socket.push(Buffer.from(piece, 'latin1'));
      socket.push(null);
      await lookAtSsh(socket, QUESTION).catch((error: unknown) =>
        assert.ok(error instanceof SshUnreadable, String(error)),
      );
    }),
  );
});

test('whatever stands for a key or a signature, it is no proof', () => {
  const kinds = fc.constantFrom('ssh-ed25519', 'ssh-rsa', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'nistp256');
  const part = fc.oneof(
    kinds.map((kind) => text(kind)),
    fc.uint8Array({ maxLength: 70 }).map((bytes) => text(bytes)),
    fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)),
  );
  const blob = fc.array(part, { maxLength: 4 }).map((parts) => Buffer.concat(parts));

  fc.assert(
    fc.property(blob, blob, (key, signature) => {
      try {
        assert.equal(isSignedBy(key, signature, Buffer.alloc(32)), false);
      } catch (error) {
        assert.ok(error instanceof SshUnreadable, String(error));
      }
    }),
  );
});

test('numbers are written as RFC 4251 has them', () => {
  const written = (hex: string) => mpint(Buffer.from(hex, 'hex')).toString('hex');

  assert.equal(written('00'), '00000000');
  assert.equal(written('09a378f9b2e332a7'), '0000000809a378f9b2e332a7');
  assert.equal(written('80'), '000000020080');
  assert.equal(written('00000080'), '000000020080');
});

test('a packet is a multiple of eight bytes, with four or more that mean nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (payload) => {
      const bytes = packet(payload);
      assert.equal(bytes.length % 8, 0);
      assert.ok(bytes.readUInt8(4) >= 4);
      assert.equal(fieldsOf(bytes).text().length, bytes.length - 4);
    }),
  );
});
