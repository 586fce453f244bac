import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Duplex, PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { openRelay } from './socks-relay.ts';

const GREETING = [5, 1, 0];

test('the relay connects to names and addresses as RFC 1928 spells them', async (t) => {
  const asked: string[] = [];
  const { ask } = await relayTo(t, (host, port) => {
    asked.push(`${host} ${port}`);
    return new PassThrough();
  });
  const name = Buffer.from('shop.example');

  for (const address of [
    [3, name.length, ...name],
    [1, 10, 0, 0, 5],
    [4, 0x20, 1, 0x0d, 0xb8, ...Array(11).fill(0), 1],
  ]) {
    const said = await ask([...GREETING, 5, 1, 0, ...address, 0x1f, 0x90, ...Buffer.from('hello')], 17);
    assert.deepEqual([...said.subarray(0, 4)], [5, 0, 5, 0]);
    assert.equal(said.subarray(12).toString(), 'hello');
  }

  assert.deepEqual(asked, ['shop.example 8080', '10.0.0.5 8080', '2001:db8:0:0:0:0:0:1 8080']);
});

test('the relay remembers why nobody could be reached', async (t) => {
  const why = new Error('why');
  const { relay, ask } = await relayTo(t, () => Promise.reject(why));

  const said = await ask([...GREETING, 5, 1, 0, 4, ...Array(15).fill(0), 1, 0, 80], 12);

  assert.equal(said[3], 1);
  assert.equal(relay.failureOf('[::1]', 80), why);
  assert.equal(relay.failureOf('[::1]', 81), undefined);
});

test('the relay survives whatever is sent to it', async (t) => {
  const { relay } = await relayTo(t, () => new PassThrough());
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 700 }), fc.boolean(), async (bytes, isGreeted) => {
      const socket = connect(relay.port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      socket.end(Buffer.from([...(isGreeted ? GREETING : []), ...bytes]));
      await once(socket, 'close');
    }),
    { numRuns: 100 },
  );
});

async function relayTo(t: TestContext, dial: (host: string, port: number) => Duplex | Promise<Duplex>) {
  const relay = await openRelay(async (host, port) => dial(host, port));
  t.after(() => relay.close());
  return { relay, ask: (bytes: readonly number[], length: number) => exchange(relay.port, bytes, length) };
}

/** What comes back, once there is so much of it. */
async function exchange(port: number, bytes: readonly number[], length: number): Promise<Buffer> {
  const socket: Socket = connect(port, '127.0.0.1');
  socket.write(Buffer.from(bytes));
  let said = Buffer.alloc(0);
  for await (const chunk of socket) {
    said = Buffer.concat([said, Buffer.from(chunk)]);
    if (said.length >= length) break;
  }
  socket.destroy();
  return said;
}
