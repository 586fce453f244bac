import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
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

  test('can be called off before it is on its way', async () => {
    const calledOff = new AbortController();
    const asked = udp.exchange({ host: '127.0.0.1', port: 9 }, Buffer.from('?'), () => true, calledOff.signal);
    queueMicrotask(() => calledOff.abort(new Error('called off')));

    await assert.rejects(asked, { message: 'called off' });
  });
});
