import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { describe, type TestContext, test } from 'node:test';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';

const DEADLINE_MS = 2_000;

describe('a question in a datagram', () => {
  const { udp } = createNet({ policy: 'manifest', clock: systemClock });

  // Whatever is rejected beside the answer would end this process, as it would end Evenkeel.
  for (const [where, target] of [
    ['where the system lets nobody send', { host: '255.255.255.255', port: 9 }],
    ['where there is no port', { host: '127.0.0.1', port: 65_536 }],
    ['where nobody listens', { host: '127.0.0.1', port: 1 }],
  ] as const) {
    test(`fails at once ${where}`, async () => {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      const asked = udp.exchange(target, Buffer.from('?'), () => true, signal);

      await assert.rejects(asked, ({ code }: NodeJS.ErrnoException) => /^E[A-Z_]+$/.test(String(code)));
      assert.equal(signal.aborted, false);
    });
  }

  test('is asked otherwise from the same port when the other side wants something else first', async (t) => {
    const server = createSocket('udp4');
    t.after(() => server.close());
    const ports = new Set<number>();
    server.on('message', (message, { port, address }) => {
      ports.add(port);
      server.send(String(message) === '? 42' ? 'answer' : 'challenge 42', port, address);
    });
    await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
    const target = { host: '127.0.0.1', port: server.address().port };

    const isAnswer = (said: Uint8Array) => (String(said) === 'challenge 42' ? Buffer.from('? 42') : true);
    const answer = await udp.exchange(target, Buffer.from('?'), isAnswer, AbortSignal.timeout(DEADLINE_MS));

    assert.equal(String(answer), 'answer');
    assert.equal(ports.size, 1);
  });

  test('can be called off before it is on its way', async () => {
    const calledOff = new AbortController();
    const asked = udp.exchange({ host: '127.0.0.1', port: 9 }, Buffer.from('?'), () => true, calledOff.signal);
    queueMicrotask(() => calledOff.abort(new Error('called off')));

    await assert.rejects(asked, { message: 'called off' });
  });

  test('fails when what came cannot be read, and ends nothing else', async (t) => {
    const port = await answering(t);
    const unreadable = () => {
      throw new RangeError('beyond the end');
    };

    const asked = udp.exchange(
      { host: '127.0.0.1', port },
      Buffer.from('?'),
      unreadable,
      AbortSignal.timeout(DEADLINE_MS),
    );

    await assert.rejects(asked, RangeError);
  });

  test('is put to the next address of a name where nobody listens at the first', async (t) => {
    const port = await answering(t);
    const lookup = async () => ['::1', '127.0.0.1'];
    const net = createNet({ policy: 'manifest', clock: systemClock, lookup });

    const answer = await net.udp.exchange(
      { host: 'both.example', port },
      Buffer.from('?'),
      () => true,
      AbortSignal.timeout(DEADLINE_MS),
    );

    assert.equal(String(answer), 'answer');
  });
});

async function answering(t: TestContext): Promise<number> {
  const server = createSocket('udp4');
  t.after(() => server.close());
  server.on('message', (_message, { port, address }) => server.send('answer', port, address));
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  return server.address().port;
}
