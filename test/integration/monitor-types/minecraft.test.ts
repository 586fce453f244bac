import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minecraft } from '../../../src/monitoring/types/minecraft.ts';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { startDns } from '../../support/servers/dns.ts';
import { javaPacket, javaString, serveBedrock, serveJava, varint } from '../../support/servers/games.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import { tryType } from '../../support/type-trial.ts';

const at = (port: number) => ({ minecraft: `127.0.0.1:${port}` });
const statusOf = (online: number, max: number) => ({
  version: { name: '1.21.4', protocol: 769 },
  players: { max, online, sample: [] },
  description: { text: 'A Minecraft Server' },
  favicon: `data:image/png;base64,${'A'.repeat(8_000)}`,
});

tryType(minecraft, {
  up: async (t) => at((await serveJava(t, statusOf(3, 20))).port),
  down: async () => at(await closedPort()),
  degraded: async (t) => at((await serveJava(t, statusOf(20, 20))).port),
  silent: async (t) => at(await serveTcp(t, () => undefined)),
  rejected: 'Nobody has to log in to see the status of a server.',
  hostile: {
    'speaks HTTP': async (t) => at(await serveTcp(t, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
    'hangs up': async (t) => at(await serveTcp(t, (socket) => socket.end())),
    'pours without end': async (t) => at(await serveTcp(t, (socket) => pourWithoutEnd(socket))),
    'promises gigabytes': async (t) =>
      at(await serveTcp(t, (socket) => socket.end(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0])))),
    'sends half a status': async (t) =>
      at(await serveTcp(t, (socket) => socket.end(javaPacket(0, varint(500), Buffer.from('{"players"'))))),
    'sends something else': async (t) =>
      at(await serveTcp(t, (socket) => socket.end(javaPacket(0, javaString('{"players":{"online":"\u001b[31m"}}'))))),
    'sends an empty packet': async (t) => at(await serveTcp(t, (socket) => socket.end(Buffer.from([0])))),
    'speaks another edition': async (t) => ({ ...at(await serveBedrock(t, 'Education;a;b;c')), edition: 'bedrock' }),
  },
});

test('minecraft: the players are counted, and proxies are told which host is wanted [HLT-08/R]', async (t) => {
  const server = await serveJava(t, statusOf(3, 20));

  const result = await probe(minecraft, at(server.port));

  assert.equal(result?.state, 'up');
  assert.deepEqual(result.readings, { players: 3, players_max: 20 });
  assert.deepEqual(server.wanted, [`127.0.0.1:${server.port}`]);
  assert.ok((result.latencyMs ?? 0) > 0);
});

test('minecraft: what the server says of itself can be expected', async (t) => {
  const { port } = await serveJava(t, statusOf(20, 20));
  const expect = { down: ['[BODY].version.name == "1.20.1"'] };

  assert.match(reasonOf(await probe(minecraft, at(port))), /is full: 20 of 20 players\.$/);
  assert.equal((await probe(minecraft, { ...at(port), expect }))?.state, 'down');
});

test('minecraft: one that does not echo, or keeps its players to itself, is up all the same', async (t) => {
  const { port } = await serveJava(t, { description: 'hidden' }, { echoes: false });

  const result = await probe(minecraft, at(port));

  assert.deepEqual([result?.state, result?.readings], ['up', undefined]);
});

test('minecraft: one that never answers the echo is down', async (t) => {
  const port = await serveTcp(t, (socket) => socket.write(javaPacket(0, javaString('{}'))));

  assert.match(reasonOf(await probe(minecraft, at(port), { timeoutMs: 200 })), /did not answer within 200ms\.$/);
});

test('minecraft: a status that is announced as gigabytes is not waited for', async (t) => {
  const port = await serveTcp(t, (socket) => {
    socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0]));
    pourWithoutEnd(socket);
  });

  assert.match(reasonOf(await probe(minecraft, at(port))), /does not answer as Minecraft does\.$/);
});

test('minecraft: the bedrock edition is asked over UDP', async (t) => {
  const look = async (text: string) =>
    probe(minecraft, {
      ...at(await serveBedrock(t, text)),
      edition: 'bedrock',
      expect: ['[BODY].description == "A;B"'],
    });

  const up = await look('MCPE;A\\;B;712;1.21.2;4;10;1234;World;Survival;1;19132;19133;');
  assert.equal(up?.state, 'up', JSON.stringify(up));
  const named = await probe(minecraft, {
    ...at(await serveBedrock(t, 'MCPE;Dorf;712;1.21.2;4;10;1;')),
    edition: 'bedrock',
  });
  assert.deepEqual([named?.state, named?.readings], ['up', { players: 4, players_max: 10 }]);
  const full = await probe(minecraft, {
    ...at(await serveBedrock(t, 'MCPE;Dorf;712;1.21.2;10;10;1;')),
    edition: 'bedrock',
  });
  assert.match(reasonOf(full), /is full: 10 of 10 players\.$/);
  const gone = await probe(minecraft, { ...at(await closedPort()), edition: 'bedrock' });
  assert.match(reasonOf(gone), /refused the connection\.$/);
});

test('minecraft: without a port a record of the domain says where it is played', async (t) => {
  const server = await serveJava(t, statusOf(1, 20));
  const records = [
    `--srv-host=_minecraft._tcp.play.test,real.test,${server.port},0,5`,
    `--srv-host=_minecraft._tcp.play.test,other.test,${await closedPort()},10,5`,
    '--host-record=real.test,127.0.0.1',
  ];
  const dns = await startDns(t, records);
  const net = createNet({ policy: 'manifest', clock: systemClock });
  const io = fakeIo({
    clock: systemClock,
    signal: systemClock.timeout(5_000),
    net: {
      ...net,
      nameServers: () => [`127.0.0.1:${dns.port}`],
      tcp: {
        connect: (target, signal) =>
          net.tcp.connect({ ...target, host: target.host === 'real.test' ? '127.0.0.1' : target.host }, signal),
      },
    },
  });

  const result = await minecraft.prepare(minecraft.settings.parse({ minecraft: 'play.test' }))(io);

  assert.equal(result?.state, 'up', JSON.stringify(result));
  assert.deepEqual(server.wanted, ['play.test:25565']);
});

test('minecraft: an address needs no port, whichever edition', () => {
  const target = (settings: object) => minecraft.target(minecraft.settings.parse(settings));

  assert.equal(target({ minecraft: 'mc.example' }), 'mc.example:25565');
  assert.equal(target({ minecraft: 'mc.example', edition: 'bedrock' }), 'mc.example:19132');
  assert.equal(target({ minecraft: '[2001:db8::1]:1234' }), '[2001:db8::1]:1234');
  assert.equal(minecraft.settings.safeParse({ minecraft: 'https://mc.example' }).success, false);
});
