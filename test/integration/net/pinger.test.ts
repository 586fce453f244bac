import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createNet } from '../../../src/platform/net/net.ts';
import { createPinger } from '../../../src/platform/net/pinger.ts';
import { RULES } from '../../../src/platform/net/policy.ts';
import { createResolver } from '../../../src/platform/net/resolver.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { requireProgram } from '../../support/servers/install.ts';

requireProgram({ name: 'ping', packages: ['iputils-ping'] });
const net = createNet({ policy: 'manifest', clock: systemClock });
const never = new AbortController().signal;

test('an echo comes back from this machine', async () => {
  const { address, roundTripMs } = await net.ping.send('127.0.0.1', { signal: never });

  assert.equal(address, '127.0.0.1');
  assert.ok(roundTripMs > 0 && roundTripMs < 1_000, String(roundTripMs));
});

test('of several addresses the kind that is asked for is taken', async (t) => {
  const pinger = pingerWith(t, 'echo "64 bytes: time=1.25 ms $*"', ['::1', '127.0.0.1']);

  assert.equal((await pinger.send('both.test', { signal: never })).address, '::1');
  assert.equal((await pinger.send('both.test', { family: 4, signal: never })).address, '127.0.0.1');
  const four = pingerWith(t, 'exit 0', ['127.0.0.1']);
  await assert.rejects(four.send('four.test', { family: 6, signal: never }), { code: 'NET_FAMILY_MISSING' });
});

test('the time is read as the program prints it, also that of BusyBox', async (t) => {
  const iputils = pingerWith(t, 'echo "64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=12.5 ms"');
  const busybox = pingerWith(t, 'echo "64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.060 ms"');

  assert.equal((await iputils.send('host.test', { signal: never })).roundTripMs, 12.5);
  assert.equal((await busybox.send('host.test', { signal: never })).roundTripMs, 0.06);
});

const ENDS: Readonly<Record<string, readonly [string, string]>> = {
  'a missing right': [
    'echo "ping: socktype: SOCK_RAW" >&2; echo "ping: socket: Operation not permitted" >&2; exit 2',
    'NET_PING_FORBIDDEN',
  ],
  'a missing right in BusyBox': ['echo "ping: permission denied (are you root?)" >&2; exit 1', 'NET_PING_FORBIDDEN'],
  'an answer of a router': ['echo "From 192.0.2.1 icmp_seq=1 Destination Host Unreachable"; exit 1', 'EHOSTUNREACH'],
  'no way': ['echo "ping: connect: Network is unreachable" >&2; exit 2', 'EHOSTUNREACH'],
  'no answer': ['exit 1', 'ETIMEDOUT'],
  'a firewall': ['echo "ping: sendmsg: Operation not permitted" >&2; exit 2', 'NET_PING_FAILED'],
};

for (const [what, [script, code]] of Object.entries(ENDS)) {
  test(`${what} is told as ${code}`, async (t) => {
    await assert.rejects(pingerWith(t, script).send('host.test', { signal: never }), { code });
  });
}

test('a machine without the program is told what to install', async () => {
  const resolver = createResolver(async () => ['127.0.0.1']);
  const pinger = createPinger({ resolver, rules: RULES.manifest, path: '/nowhere' });

  await assert.rejects(pinger.send('host.test', { signal: never }), { code: 'NET_PING_MISSING' });
});

test('the program ends with the signal', async (t) => {
  const stopping = new AbortController();
  setTimeout(() => stopping.abort(new Error('enough')), 50);

  await assert.rejects(pingerWith(t, 'exec sleep 30').send('host.test', { signal: stopping.signal }), /enough/);
});

test('keeps to the addresses and the schemes of its policy', async () => {
  const api = createNet({ policy: 'api', clock: systemClock });
  const strangers = createNet({ policy: 'public', clock: systemClock });

  await assert.rejects(api.ping.send('127.0.0.1', { signal: never }), { code: 'NET_ADDRESS_FORBIDDEN' });
  await assert.rejects(strangers.ping.send('192.0.2.1', { signal: never }), { code: 'NET_SCHEME_FORBIDDEN' });
});

/** With a program in the place of `ping` that does what it is told. */
function pingerWith(t: TestContext, script: string, addresses: readonly string[] = ['127.0.0.1']) {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-ping-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'ping'), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  chmodSync(path.join(folder, 'ping'), 0o755);
  const resolver = createResolver(async () => addresses);
  return createPinger({ resolver, rules: RULES.manifest, path: folder });
}
