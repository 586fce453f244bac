import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { Complaint } from './conversation.ts';
import { packetsOver } from './mqtt-packets.ts';

test('packets are read however they are cut', async () => {
  const bytes = generate({ cmd: 'publish', topic: 'a', payload: 'b', qos: 0, dup: false, retain: false });
  const packets = await packetsOver(saying([...bytes].map((byte) => Buffer.from([byte]))), 4);

  assert.equal((await packets.next()).cmd, 'publish');
  await assert.rejects(packets.next(), /closed the connection/);
});

test('any bytes at all are read, or refused with a complaint', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }),
      fc.constantFrom(4, 5),
      async (all, version) => {
        const packets = await packetsOver(saying(all.map((bytes) => Buffer.from(bytes))), version);
        const readAll = async () => {
          for (;;) await packets.next();
        };
        await assert.rejects(readAll(), Complaint);
      },
    ),
    { numRuns: 500 },
  );
});

function saying(pieces: readonly Buffer[]): Duplex {
  const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  for (const piece of pieces) if (piece.length > 0) socket.push(piece);
  socket.push(null);
  return socket;
}
