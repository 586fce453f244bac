import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pinger } from '../../../src/kernel/net.ts';
import { ping } from '../../../src/monitoring/types/ping.ts';
import { createPinger } from '../../../src/platform/net/pinger.ts';
import { RULES } from '../../../src/platform/net/policy.ts';
import { createResolver } from '../../../src/platform/net/resolver.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { requireProgram } from '../../support/servers/install.ts';
import { tryType } from '../../support/type-trial.ts';

requireProgram({ name: 'ping', packages: ['iputils-ping'] });

tryType(ping, {
  up: async () => ({ ping: '127.0.0.1' }),
  down: async () => ({ ping: 'gone.invalid' }),
  degraded: async () => ({ ping: '127.0.0.1', expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } }),
  silent: 'Every address that this machine is sure to have answers; below, one is made to keep silent.',
  hostile: 'The kernel reads the answers, and only those to what it sent.',
  rejected: 'There are no credentials in an echo request.',
});

test('ping: several packets that all come back are up, and their loss is measured', async () => {
  const result = await probe(ping, {
    ping: '127.0.0.1',
    packets: 3,
    expect: ['[IP] == 127.0.0.1', '[CONNECTED] == true'],
  });

  assert.equal(result?.state, 'up', JSON.stringify(result));
  assert.deepEqual(result?.readings, { loss: 0 });
  assert.ok((result?.latencyMs ?? 0) > 0 && (result?.latencyMs ?? 0) < 1_000);
});

test('ping: some that are lost are degraded, and the average is of those that came back', async () => {
  let sent = 0;
  const result = await pingWith({ packets: 4 }, async (host, { signal }) => {
    sent += 1;
    return sent % 2 === 0 ? never(signal) : { address: host, roundTripMs: sent * 10 };
  });

  assert.equal(result?.state, 'degraded');
  assert.equal(reasonOf(result), 'router.test answered 2 of 4 echo requests.');
  assert.deepEqual(result?.readings, { loss: 0.5 });
  assert.equal(result?.latencyMs, 20);
});

test('ping: all that are lost are down at the deadline', async () => {
  const result = await pingWith({ packets: 3 }, (_host, { signal }) => never(signal));

  assert.equal(reasonOf(result), 'router.test did not answer within 200ms.');
  assert.deepEqual(result?.readings, { loss: 1 });
  const watched = await pingWith({ expect: ['[CONNECTED] == false'] }, (_host, { signal }) => never(signal));
  assert.equal(watched?.state, 'up');
});

test('ping: a host that no way leads to is down', async () => {
  const unreachable = Object.assign(new Error('unreachable'), { code: 'EHOSTUNREACH', syscall: 'ping' });

  const result = await pingWith({ packets: 2 }, () => Promise.reject(unreachable));

  assert.equal(reasonOf(result), 'No way leads to router.test.');
});

test('ping: a machine that lets nobody ping is told what to change', async () => {
  const resolver = createResolver(async () => ['127.0.0.1']);
  const pinger = createPinger({ resolver, rules: RULES.manifest, path: '/nowhere' });

  assert.equal(
    reasonOf(await pingWith({ packets: 2 }, pinger.send)),
    'This machine has no program called ping. Install it: `apt-get install iputils-ping`, or `apk add iputils-ping`.',
  );
});

test('ping: the kind of address is passed on', async () => {
  const asked: unknown[] = [];
  const send: Pinger['send'] = async (host, { family }) => {
    asked.push(family);
    return { address: host, roundTripMs: 1 };
  };

  await pingWith({ ip: 6 }, send);
  await pingWith({ ip: 4 }, send);
  await pingWith({}, send);

  assert.deepEqual(asked, [6, 4, undefined]);
});

test('ping: a name that does not exist is told as such, however many packets', async () => {
  assert.match(
    reasonOf(await probe(ping, { ping: 'gone.invalid', packets: 2 })),
    /^The name in gone\.invalid (?:does not exist|could not be looked up)/,
  );
});

test('ping: a shutdown in the middle of a check is no downtime', async () => {
  const stopping = new AbortController();
  const io = ioWith((_host, { signal }) => never(signal), stopping.signal);

  const checking = ping.prepare(ping.settings.parse({ ping: 'router.test' }))(io);
  stopping.abort(new Error('stopping'));

  await assert.rejects(checking, /stopping/);
});

test('ping: what is no host is not accepted', () => {
  for (const text of ['', '-f', 'a b', 'router.test:80', 'http://router.test', 'a;b']) {
    assert.equal(ping.settings.safeParse({ ping: text }).success, false, text);
  }
  assert.equal(ping.settings.safeParse({ ping: '2001:db8::1' }).success, true);
});

function pingWith(settings: object, send: Pinger['send']) {
  const io = ioWith(send, systemClock.timeout(200));
  return ping.prepare(ping.settings.parse({ ping: 'router.test', ...settings }))(io);
}

function ioWith(send: Pinger['send'], signal: AbortSignal) {
  const io = fakeIo({ clock: systemClock, signal, timeoutMs: 200 });
  return { ...io, net: { ...io.net, ping: { send } } };
}

function never(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return promise;
}
