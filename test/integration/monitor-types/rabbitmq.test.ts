import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, test } from 'node:test';
import { encodeMethod, type MethodId, short, shortText } from '../../../src/monitoring/protocols/amqp-frames.ts';
import { rabbitmq } from '../../../src/monitoring/types/rabbitmq.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import { startRabbitMq } from '../../support/servers/rabbitmq.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const PASSWORD = 'p:a/s?s% hush';
const broker = await startRabbitMq(
  { after },
  { users: { app: PASSWORD }, vhosts: ['shop/eu'], queues: ['orders', 'mails'], tls: selfSigned({ after }).files },
);
const where = `127.0.0.1:${broker.port}`;
const address = (path = '') => `amqp://app:${encodeURIComponent(PASSWORD)}@${where}${path}`;

tryType(rabbitmq, {
  up: async () => ({ rabbitmq: address('/shop%2Feu') }),
  down: async () => ({ rabbitmq: `amqp://app:${PLANTED}@127.0.0.1:${await closedPort()}` }),
  degraded: async () => ({ rabbitmq: address(), queue: 'orders', consumers_min: 1 }),
  silent: async (t) => ({ rabbitmq: `amqp://127.0.0.1:${await serveTcp(t, () => undefined)}` }),
  hostile: {
    'speaks HTTP': async (t) => hostile(await serveTcp(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
    'speaks another version': async (t) =>
      hostile(await serveTcp(t, (socket) => socket.end('AMQP\u0003\u0001\u0000\u0000'))),
    'never ends': async (t) => hostile(await serveTcp(t, pourWithoutEnd)),
    'announces gigabytes': async (t) =>
      hostile(await serveTcp(t, (socket) => socket.write(Buffer.from('010000ffffffff', 'hex')))),
    'sends half a method': async (t) =>
      hostile(await serveTcp(t, (socket) => socket.write(encodeMethod(0, '10.10', short(9))))),
    'gives notice without end': async (t) => hostile(await serveTcp(t, (socket) => pourNotices(socket))),
    'hangs up': async (t) => hostile(await serveTcp(t, (socket) => socket.end())),
    'breaks off': async (t) => hostile(await serveTcp(t, (socket) => socket.resetAndDestroy())),
  },
  rejected: async () => ({ rabbitmq: `amqp://app:${PLANTED}@${where}` }),
});

test('rabbitmq: how full queues are is measured, by their names', async () => {
  const result = await probe(rabbitmq, {
    rabbitmq: address('/'),
    queue: ['orders', 'mails'],
    expect: { degraded: ['[BODY].orders.messages > 0'] },
  });

  assert.deepEqual(result?.readings, {
    'queue:orders': 0,
    'consumers:orders': 0,
    'queue:mails': 0,
    'consumers:mails': 0,
  });
  assert.equal(reasonOf(result), '[BODY].orders.messages was 0, expected > 0.');
});

test('rabbitmq: without a consumer a queue can be degraded, and says so', async () => {
  const result = await probe(rabbitmq, { rabbitmq: address(), queue: 'orders', consumers_min: 2 });

  assert.equal(reasonOf(result), 'The queue "orders" has no consumer, expected at least 2.');
  assert.equal(result?.state, 'degraded');
});

test('rabbitmq: what is not there, or not allowed, is told', async () => {
  const reason = async (settings: object) => reasonOf(await probe(rabbitmq, settings));

  assert.equal(
    await reason({ rabbitmq: address(), queue: 'none' }),
    `${where} has no queue "none" that can be reached.`,
  );
  assert.equal(await reason({ rabbitmq: address('/none') }), `${where} has no virtual host "none".`);
  assert.equal(await reason({ rabbitmq: `amqp://${where}` }), `${where} rejects the password for user guest.`);
  assert.equal(await reason({ rabbitmq: `amqp://app:no@${where}` }), `${where} rejects the password for user app.`);
});

test('rabbitmq: a broker that takes no messages is degraded until it does again', async () => {
  broker.run('vm_memory_monitor set_vm_memory_high_watermark [0.00001]');
  try {
    const result = await probe(rabbitmq, { rabbitmq: address(), queue: 'orders' });

    assert.equal(result?.state, 'degraded');
    assert.equal(
      reasonOf(result),
      `${where} takes no messages: it runs out of memory or disk (rabbitmq-diagnostics alarms).`,
    );
    assert.equal(result?.readings?.['queue:orders'], 0);
    assert.equal((await probe(rabbitmq, { rabbitmq: address(), blocked: false }))?.state, 'up');
  } finally {
    broker.run('vm_memory_monitor set_vm_memory_high_watermark [0.9]');
  }
  assert.equal((await probe(rabbitmq, { rabbitmq: address() }))?.state, 'up');
});

const BLOCKED = encodeMethod(0, '10.60', shortText('hush'));
const UNBLOCKED = encodeMethod(0, '10.61');
const OPENED = encodeMethod(0, '10.41', shortText(''));
const CHANNEL_OPENED = encodeMethod(1, '20.11', Buffer.alloc(4));
const SILENCE = Buffer.alloc(0);

const NOTICES: Readonly<Record<string, Readonly<Record<string, Buffer>>>> = {
  'at once, and then nothing': { '10.40': Buffer.concat([OPENED, BLOCKED]), '20.10': SILENCE },
  'before it opens a channel, and then nothing': { '20.10': Buffer.concat([BLOCKED, CHANNEL_OPENED]) },
};

for (const [when, answers] of Object.entries(NOTICES)) {
  for (const queue of [undefined, 'orders']) {
    test(`rabbitmq: one that says ${when}, is degraded (queue: ${queue})`, async (t) => {
      const port = await serveTcp(t, (socket) => answerAll(socket, answers));

      const result = await probe(rabbitmq, { ...hostile(port), queue }, { timeoutMs: 300 });

      assert.equal(result?.state, 'degraded', JSON.stringify(result));
      assert.match(reasonOf(result), /takes no messages: it runs out of memory or disk/);
    });
  }
}

test('rabbitmq: one that took no messages for a moment, but does again, is up', async (t) => {
  const opened = Buffer.concat([BLOCKED, UNBLOCKED, CHANNEL_OPENED]);
  const declared = encodeMethod(1, '50.11', shortText('orders'), Buffer.alloc(8));
  const answers = { '20.10': opened, '50.10': declared, '20.40': encodeMethod(2, '20.41') };
  let opens = 0;
  const port = await serveTcp(t, (socket) =>
    answerAll(socket, answers, (id) => (id === '20.10' && (opens += 1) > 1 ? CHANNEL_OPENED : undefined)),
  );

  const result = await probe(rabbitmq, { ...hostile(port), queue: 'orders' }, { timeoutMs: 1_000 });

  assert.equal(result?.state, 'up', JSON.stringify(result));
});

test('rabbitmq: a shutdown is no degradation of one that takes no messages', async (t) => {
  const stopping = new AbortController();
  const answers = { '20.10': Buffer.concat([BLOCKED, CHANNEL_OPENED]) };
  const port = await serveTcp(t, (socket) => {
    answerAll(socket, answers, (id) => {
      if (id === '50.10') stopping.abort(new Error('stopping'));
      return undefined;
    });
  });

  const checking = probe(rabbitmq, { ...hostile(port), queue: 'orders' }, { signal: stopping.signal });

  await assert.rejects(checking, /stopping/);
});

test('rabbitmq: over TLS the certificate counts, unless told otherwise', async () => {
  const secure = address().replace('amqp:', 'amqps:').replace(where, `127.0.0.1:${broker.tlsPort}`);

  assert.equal((await probe(rabbitmq, { rabbitmq: secure, verify_tls: false }))?.state, 'up');
  assert.match(reasonOf(await probe(rabbitmq, { rabbitmq: secure })), /is signed by nobody but itself\.$/);
});

test('rabbitmq: a closed port can be expected to be closed', async () => {
  const result = await probe(rabbitmq, { ...hostile(await closedPort()), expect: ['[CONNECTED] == false'] });

  assert.equal(result?.state, 'up');
});

const CLOSINGS: Readonly<Record<string, readonly [Buffer, string]>> = {
  'is shutting down': [closing('10.50', 320), 'is shutting down.'],
  'fails in its own way': [closing('10.50', 541), 'ended the conversation with the AMQP error 541.'],
  'answers what was not asked': [encodeMethod(0, '10.41'), 'does not answer as AMQP 0-9-1 lays down.'],
};

for (const [name, [answer, said]] of Object.entries(CLOSINGS)) {
  test(`rabbitmq: a broker that ${name} is down`, async (t) => {
    const port = await serveTcp(t, (socket) => socket.once('data', () => socket.write(answer)));

    assert.equal(reasonOf(await probe(rabbitmq, hostile(port))), `127.0.0.1:${port} ${said}`);
  });
}

test('rabbitmq: who may not publish is not told whether the broker takes messages, and is up', async (t) => {
  const port = await serveTcp(t, (socket) => answerAll(socket, { '20.40': closing('20.40', 403, 2) }));

  assert.equal((await probe(rabbitmq, hostile(port)))?.state, 'up');
});

test('rabbitmq: a broker without PLAIN is down, for there is no other way in', async (t) => {
  const mechanisms = Buffer.from('0009000000000000000845585445524e414c00000000', 'hex');
  const port = await serveTcp(t, (socket) =>
    socket.once('data', () => socket.write(encodeMethod(0, '10.10', mechanisms))),
  );

  assert.match(reasonOf(await probe(rabbitmq, hostile(port))), /offers no login with PLAIN\.$/);
});

function hostile(port: number) {
  return { rabbitmq: `amqp://app:${PLANTED}@127.0.0.1:${port}` };
}

function closing(id: MethodId, code: number, channel = 0): Buffer {
  return encodeMethod(channel, id, short(code), shortText('hush'), short(0), short(0));
}

function pourNotices(socket: Socket): void {
  socket.write(Buffer.concat(Array.from({ length: 5_000 }, () => encodeMethod(0, '10.60', shortText('hush')))));
}

/** Says yes to everything but what is told otherwise, one answer for each method that is heard. */
function answerAll(
  socket: Socket,
  otherwise: Readonly<Record<string, Buffer>>,
  hear: (id: string) => Buffer | undefined = () => undefined,
): void {
  const start = encodeMethod(0, '10.10', Buffer.from('00090000000000000005504c41494e00000000', 'hex'));
  const answers: Readonly<Record<string, Buffer>> = {
    '10.11': encodeMethod(0, '10.30', Buffer.from('0000000000000000', 'hex')),
    '10.40': encodeMethod(0, '10.41', shortText('')),
    '20.10': encodeMethod(2, '20.11', Buffer.alloc(4)),
    '10.50': encodeMethod(0, '10.51'),
    ...otherwise,
  };
  socket.on('data', (bytes: Buffer) => {
    const isHeader = bytes.subarray(0, 4).toString() === 'AMQP';
    if (isHeader) socket.write(start);
    for (
      let rest = isHeader ? bytes.subarray(8) : bytes;
      rest.length > 11;
      rest = rest.subarray(8 + rest.readUInt32BE(3))
    ) {
      const id = `${rest.readUInt16BE(7)}.${rest.readUInt16BE(9)}`;
      const answer = hear(id) ?? answers[id];
      if (rest[0] === 1 && answer !== undefined) socket.write(answer);
    }
  });
}
