import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { redis } from '../../../src/monitoring/types/redis.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import { startRedis } from '../../support/servers/redis.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const PASSWORD = 'p:a/s?s%';
const configuration = ['user app on >hush ~* +@all', 'user poor on >hush ~* +get'];
const locked = await startRedis({ after }, { password: PASSWORD, configuration });
const open = await startRedis({ after });

tryType(redis, {
  up: async () => ({ redis: locked.url }),
  down: async () => ({ redis: `redis://127.0.0.1:${await closedPort()}` }),
  degraded: async () => ({ redis: `redis://:${PLANTED}@127.0.0.1:${open.port}` }),
  silent: async (t) => ({ redis: `redis://:${PLANTED}@127.0.0.1:${await serveTcp(t, () => undefined)}` }),
  rejected: async () => ({ redis: address(`:${PLANTED}@`, '') }),
  hostile: {
    'never ends': async (t) => ({ redis: `redis://:${PLANTED}@127.0.0.1:${await serveTcp(t, pourWithoutEnd)}` }),
    'says back what it hears': async (t) => {
      const port = await serveTcp(t, (socket) => socket.pipe(socket));
      return { redis: `redis://:${PLANTED}@127.0.0.1:${port}` };
    },
    'refuses with the password in it': async (t) => {
      const port = await serveTcp(t, (socket) => socket.end(`-ERR ${PLANTED}\r\n-ERR\r\n`));
      return { redis: `redis://:${PLANTED}@127.0.0.1:${port}` };
    },
  },
});

test('redis: servers before version 6 refuse passwords in words of their own', async (t) => {
  const ask = async (refusal: string) => {
    const port = await serveTcp(t, (socket) => socket.end(`${refusal}\r\n+PONG\r\n-ERR\r\n`));
    return probe(redis, { redis: `redis://:hush@127.0.0.1:${port}` });
  };

  const unlocked = await ask('-ERR Client sent AUTH, but no password is set');
  assert.equal(unlocked?.state, 'degraded');
  assert.match(reasonOf(unlocked), / asks for no password, but one is set for it\.$/);
  assert.match(reasonOf(await ask('-ERR invalid password')), /^The password for 127\.0\.0\.1:\d+ was rejected\.$/);
});

test('redis: an open server is up', async () => {
  const result = await probe(redis, { redis: open.url });

  assert.equal(result?.state, 'up');
  assert.ok((result?.latencyMs ?? 0) > 0);
});

test('redis: the right password, with or without a user, is up', async () => {
  const states = [locked.url, address('app:hush@', '/3'), address('app:hush@', '')].map(async (url) => {
    return (await probe(redis, { redis: url }))?.state;
  });

  assert.deepEqual(await Promise.all(states), ['up', 'up', 'up']);
});

test('redis: wrong credentials are told without showing them', async () => {
  const where = `127.0.0.1:${locked.port}`;
  const reason = async (credentials: string, path = '') =>
    reasonOf(await probe(redis, { redis: address(credentials, path) }));

  assert.equal(await reason(''), `${where} asks for a password, and none is set for it.`);
  assert.equal(await reason('', '/0'), `${where} asks for a password, and none is set for it.`);
  assert.equal(await reason(':hushhush@'), `The password for ${where} was rejected.`);
  assert.equal(await reason('app:hushhush@'), 'The password for user app was rejected.');
  assert.equal(
    await reason('poor:hush@'),
    `The user for ${where} may not run PING; allow it with ACL SETUSER … +ping.`,
  );
});

test('redis: a database that does not exist is down', async () => {
  const reason = reasonOf(await probe(redis, { redis: open.url.replace('/0', '/99') }));

  assert.equal(reason, `There is no database 99 on 127.0.0.1:${open.port}.`);
});

test('redis: a password for a server that wants none is degraded', async () => {
  const result = await probe(redis, { redis: `redis://:hush@127.0.0.1:${open.port}` });

  assert.equal(result?.state, 'degraded');
  assert.equal(reasonOf(result), `127.0.0.1:${open.port} asks for no password, but one is set for it.`);
});

test('redis: a slow answer can be expected not to be, and a closed port to be closed', async () => {
  const slow = await probe(redis, { redis: open.url, expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } });
  const closed = await probe(redis, {
    redis: `redis://127.0.0.1:${await closedPort()}`,
    expect: ['[CONNECTED] == false'],
  });
  const wrong = await probe(redis, { redis: address(':hushhush@', ''), expect: ['[CONNECTED] == true'] });

  assert.equal(slow?.state, 'degraded');
  assert.match(reasonOf(slow), /^\[RESPONSE_TIME\] was \S+, expected < 0s\.$/);
  assert.equal(closed?.state, 'up');
  assert.match(reasonOf(wrong), /was rejected/);
  assert.deepEqual(wrong?.conditions?.[0]?.holds, true);
});

test('redis: over TLS the certificate counts, unless told otherwise', async (t) => {
  const server = await startRedis(t, { tls: selfSigned(t).files, password: 'hush' });
  const where = `127.0.0.1:${server.port}`;

  assert.equal((await probe(redis, { redis: server.url, verify_tls: false }))?.state, 'up');
  assert.equal(
    reasonOf(await probe(redis, { redis: server.url })),
    `The certificate of ${where} is signed by nobody but itself.`,
  );
  const plain = await probe(redis, { redis: server.url.replace('rediss', 'redis') });
  assert.match(reasonOf(plain), /broke off the connection|closed the connection|does not answer as Redis/);
});

test('redis: TLS towards a server that speaks none is down', async () => {
  const reason = reasonOf(await probe(redis, { redis: open.url.replace('redis:', 'rediss:') }, { timeoutMs: 1_000 }));

  assert.match(reason, /does not speak TLS|broke off the connection|did not answer/);
});

test('redis: how full it is, is measured where that is bad', async (t) => {
  const limits = ['maxmemory 100mb', 'maxclients 200'];
  const strict = await startRedis(t, { configuration: [...limits, 'maxmemory-policy noeviction'] });
  const cache = await startRedis(t, { configuration: [...limits, 'maxmemory-policy allkeys-lru'] });

  const full = (await probe(redis, { redis: strict.url.replace('redis:', 'valkey:') }))?.readings ?? {};
  const readings = (await probe(redis, { redis: cache.url }))?.readings;

  const { memory = Number.NaN, clients } = full;
  assert.ok(memory > 0.001 && memory < 0.1, `${memory}`);
  assert.equal(clients, 1 / 200);
  assert.deepEqual(readings, { clients: 1 / 200 });
});

test('redis: a replica that has lost its master is degraded', async (t) => {
  const replica = await startRedis(t, { configuration: [`replicaof 127.0.0.1 ${await closedPort()}`] });

  const result = await probe(redis, { redis: replica.url });

  assert.equal(result?.state, 'degraded');
  assert.equal(reasonOf(result), `The replica 127.0.0.1:${replica.port} has lost its master.`);
});

test('redis: whoever may not ask how full it is gets no more than that', async (t) => {
  const server = await startRedis(t, { configuration: ['user narrow on >hush ~* -@all +ping +auth'] });

  const result = await probe(redis, { redis: `redis://narrow:hush@127.0.0.1:${server.port}` });

  assert.equal(result?.state, 'up');
  assert.deepEqual(result.readings, {});
});

const TOLD: Readonly<Record<string, readonly [string, string]>> = {
  'could not save': ['rdb_last_bgsave_status:err', ' could not save its data to disk.'],
  'could not write': ['aof_last_write_status:err', ' could not write its changes to disk.'],
};

for (const [name, [field, reason]] of Object.entries(TOLD)) {
  test(`redis: a server that ${name} is degraded, however the news is cut`, async (t) => {
    const answer = `+PONG\r\n$${field.length + 4}\r\n\r\n${field}\r\n\r\n`;
    const port = await serveTcp(t, (socket) => {
      socket.setNoDelay(true).once('data', async () => {
        for (const byte of answer) await new Promise((resolve) => socket.write(byte, resolve));
      });
    });

    assert.equal(reasonOf(await probe(redis, { redis: `redis://127.0.0.1:${port}` })), `127.0.0.1:${port}${reason}`);
  });
}

test('redis: a closed port is down', async () => {
  const port = await closedPort();

  const reason = reasonOf(await probe(redis, { redis: `redis://:hush@127.0.0.1:${port}` }));

  assert.equal(reason, `127.0.0.1:${port} refused the connection.`);
});

const ANSWERS: Readonly<Record<string, readonly [string, RegExp]>> = {
  'speaks HTTP': ['HTTP/1.1 400 Bad Request\r\n\r\n', /does not answer as Redis does: "HTTP\/1\.1 400 Bad Request"/],
  'is loading': ['-LOADING Redis is loading the dataset in memory\r\n', /is still loading its data/],
  'hangs up': ['', /closed the connection without an answer/],
  'sends half a line': ['+PO', /does not answer as Redis does: "\+PO"/],
  'sends control characters': ['-ODD \u001b[31m\r\n', /answered "-ODD \\u001b\[31m"/],
  'sends a line without end': ['x'.repeat(100_000), /does not answer as Redis does: "x{80}"/],
};

for (const [name, [answer, reason]] of Object.entries(ANSWERS)) {
  test(`redis: a server that ${name} is down`, async (t) => {
    const port = await serveTcp(t, (socket) => socket.once('data', () => socket.end(answer)));

    assert.match(reasonOf(await probe(redis, { redis: `redis://127.0.0.1:${port}` })), reason);
  });
}

test('redis: a server that says nothing is down at the deadline', async (t) => {
  const port = await serveTcp(t, () => undefined);

  const result = await probe(redis, { redis: `redis://127.0.0.1:${port}` }, { timeoutMs: 100 });

  assert.equal(reasonOf(result), `127.0.0.1:${port} did not answer within 100ms.`);
});

function address(credentials: string, path: string): string {
  return `redis://${credentials}127.0.0.1:${locked.port}${path}`;
}
