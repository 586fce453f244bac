import assert from 'node:assert/strict';
import { test } from 'node:test';
import { udp } from '../../../src/monitoring/types/udp.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { serveUdp } from '../../support/servers/dns.ts';
import { closedPort } from '../../support/servers/misbehaving.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

tryType(udp, {
  up: async (t) => ({ udp: `127.0.0.1:${await serveUdp(t, (message, reply) => reply(message))}`, send: 'ping' }),
  down: async () => ({ udp: `127.0.0.1:${await closedPort()}` }),
  degraded: async (t) => ({
    udp: `127.0.0.1:${await serveUdp(t, (_message, reply) => reply(Buffer.from('{"players":3}')))}`,
    expect: { degraded: ['[BODY].players > 10'] },
  }),
  silent: async (t) => ({ udp: `127.0.0.1:${await serveUdp(t, () => undefined)}` }),
  hostile: {
    'answers with control characters': async (t) => ({
      udp: `127.0.0.1:${await serveUdp(t, (_message, reply) => reply(Buffer.from('\u001b[31m\u0000')))}`,
      contains: 'pong',
    }),
    'answers with nothing': async (t) => ({
      udp: `127.0.0.1:${await serveUdp(t, (_message, reply) => reply(Buffer.alloc(0)))}`,
      contains: 'pong',
    }),
    'answers with the longest there is': async (t) => ({
      udp: `127.0.0.1:${await serveUdp(t, (_message, reply) => reply(Buffer.alloc(60_000, 'x')))}`,
      contains: 'pong',
    }),
  },
  rejected: async (t) => ({
    udp: `127.0.0.1:${await serveUdp(t, (message, reply) => reply(message))}`,
    send: PLANTED,
    contains: 'welcome',
  }),
});

test('udp: bytes are sent and looked for as they are written', async (t) => {
  const heard: string[] = [];
  const port = await serveUdp(t, (message, reply) => {
    heard.push(message.toString('hex'));
    reply(Buffer.from('0001ff', 'hex'));
  });
  const target = { udp: `127.0.0.1:${port}`, send: 'hex:FFff 0a' };

  assert.equal((await probe(udp, { ...target, contains: 'hex:01ff' }))?.state, 'up');
  assert.equal((await probe(udp, { ...target, contains: 'hex:ff01' }))?.state, 'down');
  assert.deepEqual(heard, ['ffff0a', 'ffff0a']);
});

test('udp: what came instead is shown where nothing was sent', async (t) => {
  const where = `127.0.0.1:${await serveUdp(t, (_message, reply) => reply(Buffer.from('busy')))}`;

  assert.equal(
    reasonOf(await probe(udp, { udp: where, contains: 'free' })),
    `${where} answered without "free": "busy".`,
  );
});

test('udp: what was sent is not shown by conditions either, should it come back', async (t) => {
  const where = `127.0.0.1:${await serveUdp(t, (message, reply) => reply(message))}`;

  const told = await probe(udp, { udp: where, send: 'hush', expect: ['[BODY] == welcome'] });

  assert.equal(reasonOf(told), '[BODY] was (hidden), expected "welcome".');
  assert.doesNotMatch(JSON.stringify(told), /hush/);
});

test('udp: a closed port is down, and up where it is meant to be closed', async () => {
  const where = `127.0.0.1:${await closedPort()}`;

  assert.equal(reasonOf(await probe(udp, { udp: where })), `${where} refused the connection.`);
  assert.equal((await probe(udp, { udp: where, expect: ['[CONNECTED] == false'] }))?.state, 'up');
});

test('udp: what cannot be sent is not accepted', () => {
  for (const settings of [{ udp: 'host' }, { udp: 'host:1', send: 'hex:f' }, { udp: 'host:1', contains: '' }]) {
    assert.equal(udp.settings.safeParse(settings).success, false, JSON.stringify(settings));
  }
});
