import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBedrockPong, isBedrockPong } from './minecraft-bedrock.ts';
import { askJava, MinecraftUnreadable } from './minecraft-java.ts';

test('whatever bytes a Java server sends, they are read or refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ minLength: 1, maxLength: 60 }), { maxLength: 6 }), async (pieces) => {
      const asked = askJava(saying(pieces), { host: 'mc.example', port: 25_565 });
      await asked.then(
        ({ text }) => assert.equal(typeof text, 'string'),
        (error: unknown) => assert.ok(error instanceof MinecraftUnreadable, String(error)),
      );
    }),
  );
});

test('whatever bytes a Bedrock server sends, they are read or refused', () => {
  const time = Buffer.from('12345678');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.string(), (bytes, text) => {
      assert.equal(isBedrockPong(bytes, time), false);
      for (const datagram of [bytes, Buffer.concat([Buffer.alloc(33), Buffer.from([0, 99]), Buffer.from(text)])]) {
        try {
          assert.equal(typeof decodeBedrockPong(datagram).text, 'string');
        } catch (error) {
          assert.ok(error instanceof MinecraftUnreadable, String(error));
        }
      }
    }),
  );
});

function saying(pieces: readonly Uint8Array[]): Duplex {
  const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  for (const piece of pieces) socket.push(piece);
  socket.push(null);
  return socket;
}
