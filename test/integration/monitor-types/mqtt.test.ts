import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { Socket } from 'node:net';
import { after, test } from 'node:test';
import { inspect, promisify } from 'node:util';
import { generate, type Packet, parser } from 'mqtt-packet';
import { mqtt } from '../../../src/monitoring/types/mqtt.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { requireProgram } from '../../support/servers/install.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import { startMosquitto } from '../../support/servers/mosquitto.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const PASSWORD = 'p-a/s?s% hush';
const broker = await startMosquitto(
  { after },
  {
    users: { app: PASSWORD, poor: PASSWORD },
    access: ['user app', 'topic readwrite #', 'user poor', 'topic read open/#', 'topic read sealed/#'],
  },
);
const where = `127.0.0.1:${broker.port}`;
const as = (user: string, port = broker.port) => ({
  mqtt: `mqtt://${user}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`,
});
const at = (port: number) => ({ mqtt: `mqtt://app:${PLANTED}@127.0.0.1:${port}` });
const CONNACK = Buffer.from('20020000', 'hex');

tryType(mqtt, {
  up: async () => ({ ...as('app'), publish: PLANTED }),
  down: async () => ({ ...at(await closedPort()), publish: PLANTED }),
  degraded: async () => ({ ...as('app'), expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } }),
  silent: async (t) => at(await serveTcp(t, () => undefined)),
  hostile: {
    'speaks HTTP': async (t) => at(await serveTcp(t, (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))),
    'never ends': async (t) => at(await serveTcp(t, pourWithoutEnd)),
    'announces megabytes': async (t) =>
      at(
        await serveTcp(t, (socket) => {
          socket.write(Buffer.from('30ffffff7f', 'hex'));
          pourWithoutEnd(socket);
        }),
      ),
    'answers something else': async (t) => at(await serveTcp(t, (socket) => socket.write(Buffer.from('d000', 'hex')))),
    'sends half a packet': async (t) => at(await serveTcp(t, (socket) => socket.end(Buffer.from('2002', 'hex')))),
    'hangs up': async (t) => at(await serveTcp(t, (socket) => socket.end())),
    'chatters without end': async (t) => ({ ...at(await serveTcp(t, chatter)), topic: 'a', contains: 'b' }),
  },
  rejected: async () => at(broker.port),
});

for (const version of ['3.1.1', '5']) {
  test(`mqtt: with version ${version} one can log in, wait for a message and get the own one back`, async () => {
    const own = await probe(mqtt, {
      ...as('app'),
      version,
      publish: 'are you there?',
      expect: ['[BODY] == "are you there?"'],
    });
    assert.equal(own?.state, 'up', inspect(own));
    await retain(`kept/${version}`, 'warm: 21 °C');
    const kept = { ...as('app'), version, topic: 'kept/#', contains: '21 °C' };
    assert.equal((await probe(mqtt, kept))?.state, 'up');
    const wrong = reasonOf(await probe(mqtt, { mqtt: `mqtt://app:hush@${where}`, version }));
    assert.equal(wrong, `${where} rejects the password for user app.`);
    assert.equal(
      reasonOf(await probe(mqtt, { mqtt: `mqtt://${where}`, version })),
      `${where} asks for credentials, and none are set.`,
    );
  });

  test(`mqtt: with version ${version} what does not come is waited for as long as it may take`, async () => {
    await retain('kept/only', 'cold');
    const never = await probe(mqtt, { ...as('app'), version, topic: 'never' }, { timeoutMs: 150 });
    assert.equal(reasonOf(never), `${where} did not send a message within 150ms.`);
    const other = { ...as('app'), version, topic: 'kept/only', contains: 'warm' };
    const missed = await probe(mqtt, other, { timeoutMs: 150 });
    assert.equal(reasonOf(missed), `${where} did not send a message with "warm" within 150ms, but another one.`);
  });
}

test('mqtt: a topic that one may not read is told, where the broker says so', async (t) => {
  const port = await serveTcp(t, (socket) =>
    answer(socket, { subscribe: { cmd: 'suback', messageId: 1, granted: [0x80] } }),
  );

  const reason = reasonOf(await probe(mqtt, { ...at(port), topic: 'sealed/\u001b[31m' }));

  assert.equal(reason, `127.0.0.1:${port} does not let this user read the topic "sealed/ [31m".`);
});

test('mqtt: a topic that one may not write is told, where the broker says so', async () => {
  const asked = { ...as('poor'), version: '5', topic: 'open/a', publish: 'hush' };

  assert.equal(
    reasonOf(await probe(mqtt, asked)),
    `${where} does not take messages of this user for the topic "open/a".`,
  );
});

test('mqtt: a kept message is not the own one', async () => {
  await retain('open/echo', 'ping');
  const port = broker.port;
  const result = await probe(mqtt, { ...as('poor', port), topic: 'open/echo', publish: 'ping' }, { timeoutMs: 200 });

  assert.match(reasonOf(result), /did not send the message back that it was sent within 200ms/);
});

test('mqtt: a message of its own that comes back is not shown, nor any part of it', async () => {
  const text = JSON.stringify({ key: PLANTED, list: [{ pin: 'hush-hush' }] });
  for (const asked of ['[BODY]', '[BODY].key', '[BODY].list[0].pin']) {
    const result = await probe(mqtt, { ...as('app'), publish: text, expect: [`${asked} == x`, '[CONNECTED] == true'] });

    assert.equal(result?.state, 'down');
    assert.equal(reasonOf(result), `${asked} was (hidden), expected "x".`);
    assert.doesNotMatch(JSON.stringify(result), new RegExp(`hush|${PLANTED}`));
  }
});

test('mqtt: nothing is sent to a pattern, which is said when the settings are read', () => {
  const settings = (topic: string, publish?: string) =>
    mqtt.settings.safeParse({ ...as('app'), topic, ...(publish !== undefined && { publish }) });

  for (const topic of ['a/#', '+/b', '#']) {
    assert.deepEqual(
      settings(topic, 'hush').error?.issues.map(({ path, message }) => [path, message]),
      [[['topic'], 'Nothing can be sent to a topic with # or +; choose one without for `publish`.']],
    );
    assert.equal(settings(topic).success, true);
  }
  assert.equal(settings('a/b', 'hush').success, true);
});

test('mqtt: over TLS the certificate counts, unless told otherwise', async (t) => {
  const server = await startMosquitto(t, { tls: selfSigned(t).files });
  const secure = `mqtts://127.0.0.1:${server.port}`;

  assert.equal((await probe(mqtt, { mqtt: secure, verify_tls: false }))?.state, 'up');
  assert.match(reasonOf(await probe(mqtt, { mqtt: secure })), /is signed by nobody but itself\.$/);
});

const CODES: Readonly<Record<number, RegExp>> = {
  1: /does not speak this version of MQTT/,
  2: /does not accept the name of this client/,
  3: /is not available at the moment/,
  4: /rejects the password for user app/,
  200: /refused the connection with the code 200/,
};

for (const [code, reason] of Object.entries(CODES)) {
  test(`mqtt: a refusal with the code ${code} is explained`, async (t) => {
    const port = await serveTcp(t, (socket) => socket.write(Buffer.from([0x20, 2, 0, Number(code)])));

    assert.match(reasonOf(await probe(mqtt, at(port))), reason);
  });
}

test('mqtt: a broker that ends the session is down', async (t) => {
  const port = await serveTcp(t, (socket) =>
    socket.write(Buffer.concat([Buffer.from('2003000000', 'hex'), Buffer.from('e0028b00', 'hex')])),
  );

  assert.match(reasonOf(await probe(mqtt, { ...at(port), version: '5' })), /ended the session with the code 139\.$/);
});

test('mqtt: a message that is longer than a check can read is not waited for', async (t) => {
  const port = await serveTcp(t, (socket) => {
    socket.write(Buffer.concat([CONNACK, Buffer.from('30ffffff7f0001', 'hex')]));
    pourWithoutEnd(socket);
  });

  assert.match(reasonOf(await probe(mqtt, at(port))), /sends more than a check can read\.$/);
});

test('mqtt: a closed port can be expected to be closed', async () => {
  const result = await probe(mqtt, { ...at(await closedPort()), expect: ['[CONNECTED] == false'] });

  assert.equal(result?.state, 'up');
});

test('mqtt: what is watched is shown without what is secret', () => {
  const settings = mqtt.settings.parse({ mqtt: 'mqtts://app:hush@mq.example', topic: 'a/b', publish: 'hush' });

  assert.equal(mqtt.target(settings), 'mq.example:8883 a/b');
  assert.doesNotMatch(`${inspect(settings, { depth: 9 })}${JSON.stringify(settings)}`, /hush/);
});

/** A broker that says yes to whatever it hears, unless told otherwise. */
function answer(socket: Socket, otherwise: Partial<Record<Packet['cmd'], Packet>>): void {
  const heard = parser();
  heard.on('packet', ({ cmd }) => {
    const packet = otherwise[cmd];
    if (packet !== undefined) socket.write(generate(packet));
    else if (cmd === 'connect') socket.write(CONNACK);
  });
  socket.on('data', (bytes: Buffer) => heard.parse(bytes));
}

function chatter(socket: Socket): void {
  const message: Packet = { cmd: 'publish', topic: 'a', payload: 'hush', qos: 0, dup: false, retain: false };
  const noise = Buffer.concat(Array.from({ length: 2_000 }, () => generate(message)));
  answer(socket, { subscribe: { cmd: 'suback', messageId: 1, granted: [0] } });
  socket.once('data', () => setTimeout(() => socket.write(noise), 50));
}

/** Leaves a message with the broker, by somebody else's client. */
async function retain(topic: string, text: string): Promise<void> {
  const program = requireProgram({ name: 'mosquitto_pub', packages: ['mosquitto-clients'] });
  const login = ['-u', 'app', '-P', PASSWORD];
  await promisify(execFile)(program, [
    '-h',
    '127.0.0.1',
    '-p',
    String(broker.port),
    ...login,
    '-r',
    '-t',
    topic,
    '-m',
    text,
  ]);
}
