import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, test } from 'node:test';
import { inspect, promisify } from 'node:util';
import { kafka } from '../../../src/monitoring/types/kafka.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { requireProgram } from '../../support/servers/install.ts';
import { serveKafka, startLibrdkafka } from '../../support/servers/kafka.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const PASSWORD = 'p-a-s-s% hush';
const whole = { copies: 3, inSync: 3, leader: 1 };
const topics = {
  orders: [whole, whole],
  mails: [whole, { copies: 3, inSync: 1, leader: 1 }, { copies: 3, inSync: 2, leader: 1 }],
  lost: [whole, { copies: 3, inSync: 0, leader: -1 }],
};
const healthy = await serveKafka({ after }, { topics: { orders: topics.orders } });
const sick = await serveKafka({ after }, { topics, hidden: ['sealed'], controller: -1 });
const foreign = await startLibrdkafka({ after }, 'shop');
const at = (port: number) => `127.0.0.1:${port}`;
const as = (port: number, who = `app:${PLANTED}`) => ({ kafka: `kafka://${who}@${at(port)}` });

tryType(kafka, {
  up: async () => ({ kafka: at(healthy), topic: 'orders' }),
  down: async () => as(await closedPort()),
  degraded: async () => ({ kafka: at(sick), topic: 'mails' }),
  silent: async (t) => ({ kafka: at(await serveTcp(t, () => undefined)) }),
  hostile: {
    'speaks HTTP': async (t) => as(await serveTcp(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
    'never ends': async (t) => as(await serveTcp(t, pourWithoutEnd)),
    'announces gigabytes': async (t) => as(await serveTcp(t, (socket) => socket.write(Buffer.from('7fffffff', 'hex')))),
    'counts to a billion': async (t) =>
      as(await serveTcp(t, (socket) => socket.write(Buffer.from('0000000a0000000100003fffffff', 'hex')))),
    'answers another question': async (t) =>
      as(await serveTcp(t, (socket) => socket.write(Buffer.from('0000000a00000009000000000000', 'hex')))),
    'hangs up': async (t) => as(await serveTcp(t, (socket) => socket.end())),
    'hangs up in an answer': async (t) =>
      as(await serveTcp(t, (socket) => socket.end(Buffer.from('000000ff00', 'hex')))),
  },
  rejected: async (t) => as(await serveKafka(t, { login: { mechanism: 'PLAIN', user: 'app', password: PASSWORD } })),
});

test('kafka: brokers by others are up, and counted', async () => {
  const all = await probe(kafka, { kafka: foreign.join(',') });
  assert.equal(all?.state, 'up', inspect(all));
  assert.deepEqual(all.readings, { brokers: 2, partitions: 4, leaderless: 0, under_replicated: 0 });

  const one = await probe(kafka, { kafka: `kafka://${foreign[1]}`, topic: 'shop', expect: ['[BODY].brokers == 2'] });
  assert.equal(one?.state, 'up', inspect(one));
  assert.match(reasonOf(await probe(kafka, { kafka: foreign.join(','), topic: 'none' })), /^There is no topic none/);
  const again = await probe(kafka, { kafka: foreign.join(',') });
  assert.equal(again?.readings?.['partitions'], 4, 'asking for a topic does not make it');
});

test('kafka: clients by others take our broker for a real one, login included', async (t) => {
  const login = { mechanism: 'SCRAM-SHA-512', user: 'app', password: PASSWORD };
  const locked = await serveKafka(t, { topics, login });
  const credentials = ['sasl.mechanism=SCRAM-SHA-512', 'sasl.username=app', `sasl.password=${PASSWORD}`];
  const settings = ['security.protocol=SASL_PLAINTEXT', ...credentials].flatMap((setting) => ['-X', setting]);

  const said = await list(['-b', at(locked), ...settings]);

  assert.match(said, /topic "mails" with 3 partitions/);
  assert.match(said, /partition 1, leader 1, replicas: 1,2,3, isrs: 1\b/);
});

test('kafka: copies that are behind are degraded, and counted', async () => {
  const result = await probe(kafka, { kafka: at(sick), topic: 'mails' });

  assert.equal(
    reasonOf(result),
    'The cluster has no controller. 2 of 3 partitions have copies that are behind, e.g. "mails" 1 (1 of 3 in sync).',
  );
  assert.deepEqual(result?.readings, { brokers: 1, partitions: 3, leaderless: 0, under_replicated: 2 });
});

test('kafka: a topic without a leader is down if it is the one, and degraded as one of all', async () => {
  const one = await probe(kafka, { kafka: at(sick), topic: 'lost' });
  const all = await probe(kafka, { kafka: at(sick) });

  assert.equal(reasonOf(one), '1 of 2 partitions has no leader, e.g. "lost" 1.');
  assert.equal(one?.state, 'down');
  assert.equal(all?.state, 'degraded');
  assert.match(reasonOf(all), /1 of 7 partitions has no leader, e\.g\. "lost" 1\./);
});

test('kafka: a topic that is not there, or not for us, is down', async () => {
  const reason = async (topic: string) => reasonOf(await probe(kafka, { kafka: at(sick), topic }));

  assert.equal(await reason('none'), 'There is no topic none, or this user may not see it.');
  assert.equal(await reason('sealed'), 'This user may not see the topic sealed.');
});

test('kafka: a broker that is missing is told while the others work', async () => {
  const missing = at(await closedPort());

  const result = await probe(kafka, { kafka: `${missing},${at(healthy)}` });
  assert.equal(result?.state, 'degraded');
  assert.equal(reasonOf(result), `${missing} refused the connection.`);
  const none = await probe(kafka, { kafka: `${missing},${missing}` });
  assert.equal(reasonOf(none), `${missing} refused the connection. ${missing} refused the connection.`);
});

for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512']) {
  test(`kafka: one logs in with ${mechanism}`, async (t) => {
    const login = { mechanism: mechanism.toUpperCase(), user: 'app', password: PASSWORD };
    const port = await serveKafka(t, { topics: { orders: topics.orders }, login });
    const right = { ...as(port, `app:${encodeURIComponent(PASSWORD)}`), mechanism };

    assert.equal((await probe(kafka, right))?.state, 'up');
    const wrong = reasonOf(await probe(kafka, { ...as(port, 'app:hush'), mechanism }));
    assert.equal(wrong, `${at(port)} rejects the password for user app.`);
    const none = reasonOf(await probe(kafka, { kafka: at(port) }));
    assert.equal(none, `${at(port)} closed the connection without an answer; it may want a login or TLS.`);
  });
}

test('kafka: a way to log in that is not offered is told, with those that are', async (t) => {
  const login = { mechanism: 'SCRAM-SHA-256', user: 'app', password: PASSWORD };
  const port = await serveKafka(t, { login });

  assert.equal(
    reasonOf(await probe(kafka, as(port))),
    `${at(port)} offers no login with PLAIN, but with "SCRAM-SHA-256".`,
  );
});

test('kafka: a broker of a time long past is told from none', async (t) => {
  const port = await serveTcp(t, (socket) =>
    socket.once('data', () => socket.write(Buffer.from('00000010000000010000000000010003ffff0000', 'hex'))),
  );

  assert.match(reasonOf(await probe(kafka, { kafka: at(port) })), /speaks no version of the Kafka protocol/);
});

test('kafka: a closed port can be expected to be closed', async () => {
  const result = await probe(kafka, { kafka: at(await closedPort()), expect: ['[CONNECTED] == false'] });

  assert.equal(result?.state, 'up');
});

test('kafka: what is watched is shown without what is secret', () => {
  const settings = kafka.settings.parse({ kafka: 'kafkas://app:hush@a.example,[::1]:9093', topic: 'orders' });

  assert.equal(kafka.target(settings), 'a.example:9092,[::1]:9093 orders');
  assert.doesNotMatch(`${inspect(settings, { depth: 9 })}${JSON.stringify(settings)}`, /hush/);
});

/** What kcat, a client by others, is told of the cluster. */
async function list(argv: readonly string[]): Promise<string> {
  const program = requireProgram({ name: 'kcat', packages: ['kcat'] });
  const { stdout } = await promisify(execFile)(program, ['-L', '-m', '5', ...argv]);
  return stdout;
}
