import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tcp } from '../../../src/monitoring/types/tcp.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import type { Ending } from '../../support/servers/server.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

tryType(tcp, {
  up: async (t) => ({
    tcp: await talking(t, 'READY\r\n', 'PONG\r\n'),
    banner: 'READY',
    send: 'PING\r\n',
    contains: 'PONG',
  }),
  down: async () => ({ tcp: `127.0.0.1:${await closedPort()}` }),
  degraded: async (t) => ({ tcp: await talking(t, '', ''), expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } }),
  silent: async (t) => ({ tcp: await talking(t, '', ''), send: PLANTED }),
  hostile: {
    'greets in control characters': async (t) => ({
      tcp: `127.0.0.1:${await serveTcp(t, (socket) => socket.end('\u001b[31m\u0000'))}`,
      banner: '220',
    }),
    'never ends its greeting': async (t) => ({ tcp: `127.0.0.1:${await serveTcp(t, pourWithoutEnd)}`, banner: '220' }),
    'never ends its answer': async (t) => ({
      tcp: `127.0.0.1:${await serveTcp(t, pourWithoutEnd)}`,
      send: PLANTED,
      contains: 'PONG',
    }),
    'sends back what it gets': async (t) => ({
      tcp: `127.0.0.1:${await serveTcp(t, (socket) => socket.once('data', (chunk) => socket.end(chunk)))}`,
      send: PLANTED,
      contains: 'PONG',
    }),
    'hangs up when it is spoken to': async (t) => ({
      tcp: `127.0.0.1:${await serveTcp(t, (socket) => socket.once('data', () => socket.destroy()))}`,
      send: PLANTED,
    }),
  },
  rejected: async (t) => ({
    tcp: `127.0.0.1:${await serveTcp(t, (socket) => socket.once('data', () => socket.end('ERR unauthorized')))}`,
    send: PLANTED,
    contains: 'OK',
  }),
});

test('tcp: an open port is up', async (t) => {
  const port = await serveTcp(t, () => undefined);

  const result = await probe(tcp, { tcp: `127.0.0.1:${port}` });

  assert.equal(result?.state, 'up');
  assert.ok((result?.latencyMs ?? 0) > 0);
});

test('tcp: a closed port is down, and up where it is meant to be closed', async () => {
  const where = `127.0.0.1:${await closedPort()}`;

  assert.equal(reasonOf(await probe(tcp, { tcp: where })), `${where} refused the connection.`);
  assert.equal((await probe(tcp, { tcp: where, expect: ['[CONNECTED] == false'] }))?.state, 'up');
  const slow = await probe(tcp, { tcp: where, expect: ['[RESPONSE_TIME] < 1s'] });
  assert.equal(reasonOf(slow), `${where} refused the connection.`);
});

test('tcp: a port whose silence means little is degraded when it is closed', async () => {
  const where = `127.0.0.1:${await closedPort()}`;

  const result = await probe(tcp, { tcp: where, expect: { degraded: ['[CONNECTED] == true'] } });

  assert.equal(result?.state, 'degraded');
  assert.equal(reasonOf(result), '[CONNECTED] was false, expected true.');
});

test('tcp: a port that must be closed and is open is down', async (t) => {
  const where = `127.0.0.1:${await serveTcp(t, () => undefined)}`;

  const result = await probe(tcp, { tcp: where, expect: ['[CONNECTED] == false'] });

  assert.equal(reasonOf(result), '[CONNECTED] was true, expected false.');
});

test('tcp: where and how fast it answers can be expected, and be no more than degraded', async (t) => {
  const tcpPort = `127.0.0.1:${await serveTcp(t, () => undefined)}`;

  const up = await probe(tcp, { tcp: tcpPort, expect: ['[IP] == pat(127.*)', '[RESPONSE_TIME] < 5s'] });
  const degraded = await probe(tcp, { tcp: tcpPort, expect: { degraded: ['[IP] == pat(10.*)'] } });

  assert.equal(up?.state, 'up');
  assert.equal(degraded?.state, 'degraded');
  assert.equal(reasonOf(degraded), '[IP] was 127.0.0.1, expected something like "10.*".');
});

test('tcp: a missing greeting is down, however well the conditions hold', async (t) => {
  const where = `127.0.0.1:${await serveTcp(t, (socket) => socket.end('no\r\n'))}`;

  const result = await probe(tcp, { tcp: where, banner: '220', expect: ['[CONNECTED] == true'] });

  assert.match(reasonOf(result), /greeted with "no/);
  assert.equal(result?.conditions?.length, 1);
});

test('tcp: the right greeting is up, also when it comes in pieces', async (t) => {
  const port = await serveTcp(t, (socket) => {
    socket.write('22');
    setTimeout(() => socket.write('0 ready\r\n'), 20);
  });

  assert.equal((await probe(tcp, { tcp: `127.0.0.1:${port}`, banner: '220' }))?.state, 'up');
});

test('tcp: another greeting is down and shown', async (t) => {
  const where = `127.0.0.1:${await serveTcp(t, (socket) => socket.end('554 no\r\n'))}`;

  const result = await probe(tcp, { tcp: where, banner: '220' });

  assert.equal(reasonOf(result), `${where} greeted with "554 no\\r\\n", expected a greeting with "220".`);
});

test('tcp: no greeting is down at the deadline, or when the server hangs up', async (t) => {
  const silent = `127.0.0.1:${await serveTcp(t, () => undefined)}`;
  const gone = `127.0.0.1:${await serveTcp(t, (socket) => socket.end())}`;

  assert.equal(
    reasonOf(await probe(tcp, { tcp: silent, banner: '220' }, { timeoutMs: 100 })),
    `${silent} accepted the connection but said nothing within 100ms, expected a greeting with "220".`,
  );
  assert.equal(
    reasonOf(await probe(tcp, { tcp: gone, banner: '220' })),
    `${gone} accepted the connection but said nothing, expected a greeting with "220".`,
  );
});

test('tcp: a greeting without end is read as far as needed', async (t) => {
  const port = await serveTcp(t, pourWithoutEnd);

  assert.match(reasonOf(await probe(tcp, { tcp: `127.0.0.1:${port}`, banner: '220' })), /greeted with "x{80}"/);
});

test('tcp: a shutdown in the middle of a check is no downtime', async (t) => {
  const stopping = new AbortController();
  const port = await serveTcp(t, () => setTimeout(() => stopping.abort(new Error('stopping')), 50));

  const checking = probe(tcp, { tcp: `127.0.0.1:${port}`, banner: '220' }, { signal: stopping.signal });

  await assert.rejects(checking, /stopping/);
});

test('tcp: bytes are sent and looked for as they are written, also when they come in pieces', async (t) => {
  const heard: string[] = [];
  const port = await serveTcp(t, (socket) =>
    socket.once('data', (chunk) => {
      heard.push(chunk.toString('hex'));
      socket.write(Buffer.from('00ff', 'hex'));
      setTimeout(() => socket.write(Buffer.from('fe01', 'hex')), 20);
    }),
  );

  const result = await probe(tcp, { tcp: `127.0.0.1:${port}`, send: 'hex:00 01', contains: 'hex:fffe' });

  assert.equal(result?.state, 'up', JSON.stringify(result));
  assert.deepEqual(heard, ['0001']);
});

test('tcp: an answer without what it must contain is down, and so is none', async (t) => {
  const other = await talking(t, '', 'no\r\n');
  const silent = await talking(t, '', '');
  const asked = { send: 'PING\r\n', contains: 'PONG' };

  assert.equal(
    reasonOf(await probe(tcp, { tcp: other, ...asked }, { timeoutMs: 100 })),
    `${other} answered what was sent without "PONG" within 100ms.`,
  );
  assert.equal(
    reasonOf(await probe(tcp, { tcp: silent, ...asked }, { timeoutMs: 100 })),
    `${silent} did not answer what was sent within 100ms.`,
  );
  assert.equal((await probe(tcp, { tcp: other, send: 'PING\r\n' }))?.state, 'up');
});

test('tcp: an answer cannot be wanted where nothing is sent', () => {
  assert.equal(tcp.settings.safeParse({ tcp: 'a.test:1', contains: 'x' }).success, false);
});

/** Greets, and answers whatever comes with the same words. */
async function talking(ending: Ending, greeting: string, answer: string): Promise<string> {
  const port = await serveTcp(ending, (socket) => {
    socket.write(greeting);
    socket.on('data', () => socket.write(answer));
  });
  return `127.0.0.1:${port}`;
}
