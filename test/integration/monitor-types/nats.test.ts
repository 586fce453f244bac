import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, test } from 'node:test';
import { nats } from '../../../src/monitoring/types/nats.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveTcp } from '../../support/servers/misbehaving.ts';
import { startNats } from '../../support/servers/nats.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const PASSWORD = 'p:a/s?s% hush';
const open = await startNats({ after });
const locked = await startNats({ after }, [`authorization { user: app, password: ${JSON.stringify(PASSWORD)} }`]);
const at = (port: number, credentials = '') => ({ nats: `nats://${credentials}127.0.0.1:${port}` });
const app = `app:${encodeURIComponent(PASSWORD)}@`;

tryType(nats, {
  up: async () => at(locked.port, app),
  down: async () => at(await closedPort(), `app:${PLANTED}@`),
  degraded: async () => at(open.port, `app:${PLANTED}@`),
  silent: async (t) => at(await serveTcp(t, () => undefined)),
  hostile: {
    'speaks something else': async (t) => at(await serveTcp(t, (socket) => socket.write('SSH-2.0-OpenSSH\r\n'))),
    'sends no JSON': async (t) => at(await serveTcp(t, (socket) => socket.write('INFO {hush}\r\n'))),
    'never ends': async (t) => at(await serveTcp(t, pourWithoutEnd)),
    'talks without end': async (t) =>
      at(await serveTcp(t, (socket) => socket.write(`INFO {}\r\n${'PING\r\n'.repeat(9_000)}`))),
    'repeats what it is told': async (t) => at(await serveTcp(t, repeat), `app:${PLANTED}@`),
    'hangs up': async (t) => at(await serveTcp(t, (socket) => socket.end())),
    'hangs up after its name': async (t) => at(await serveTcp(t, (socket) => socket.end('INFO {}\r\n'))),
  },
  rejected: async () => at(locked.port, `app:${PLANTED}@`),
});

test('nats: what the server says of itself can be judged', async () => {
  const asked = { ...at(open.port), expect: { degraded: ['[BODY].proto > 1'] } };

  const reason = reasonOf(await probe(nats, asked));

  assert.match(reason, /^\[BODY\]\.proto was 1, expected > 1\.$/);
});

test('nats: wrong credentials are told apart from missing ones', async () => {
  const where = `127.0.0.1:${locked.port}`;

  assert.equal(reasonOf(await probe(nats, at(locked.port))), `${where} asks for credentials, and none are set.`);
  const wrong = await probe(nats, at(locked.port, 'app:hush@'));
  assert.equal(reasonOf(wrong), `${where} rejects the password for user app.`);
});

test('nats: a token stands alone in the address', async (t) => {
  const server = await startNats(t, ['authorization { token: "sesame" }']);

  assert.equal((await probe(nats, at(server.port, 'sesame@')))?.state, 'up');
  assert.equal(reasonOf(await probe(nats, at(server.port, 'hush@'))), `127.0.0.1:${server.port} rejects the token.`);
});

test('nats: over TLS, which starts after the first line, the certificate counts, unless told otherwise', async (t) => {
  const { certificate, key } = selfSigned(t).files;
  const server = await startNats(t, [`tls { cert_file: "${certificate}", key_file: "${key}" }`]);
  const where = `127.0.0.1:${server.port}`;

  assert.equal((await probe(nats, { nats: `natss://${where}`, verify_tls: false }))?.state, 'up');
  assert.equal((await probe(nats, { nats: `tls://${where}`, verify_tls: false }))?.state, 'up');
  assert.match(reasonOf(await probe(nats, { nats: `natss://${where}` })), /is signed by nobody but itself\.$/);
  assert.equal(reasonOf(await probe(nats, at(server.port))), `${where} asks for TLS: write natss: in its address.`);
  assert.equal(
    reasonOf(await probe(nats, { nats: `natss://127.0.0.1:${open.port}` })),
    `127.0.0.1:${open.port} offers no TLS, but its address asks for it (natss:).`,
  );
});

test('nats: nothing that was slipped in before TLS counts', async (t) => {
  const port = await serveTcp(t, (socket) => socket.write('INFO {"tls_required":true}\r\nPONG\r\n'));

  assert.match(reasonOf(await probe(nats, { nats: `natss://127.0.0.1:${port}` })), /goes on in the clear/);
});

test('nats: a server that is about to stop is degraded, even if it only says so later', async (t) => {
  const early = await serveTcp(t, (socket) => speak(socket, 'INFO {"ldm":true}\r\n', 'PONG\r\n'));
  const late = await serveTcp(t, (socket) => speak(socket, 'INFO {}\r\n', 'INFO {"ldm":true}\r\nPONG\r\n'));

  for (const port of [early, late]) {
    const result = await probe(nats, at(port));
    assert.equal(result?.state, 'degraded');
    assert.equal(reasonOf(result), `127.0.0.1:${port} is in lame duck mode: it is about to stop.`);
  }
});

const REFUSALS: Readonly<Record<string, RegExp>> = {
  'maximum connections exceeded': /takes no more connections\.$/,
  'User Authentication Expired': /credentials have expired\.$/,
  'Server Shutdown': /is shutting down\.$/,
  'hush hush': /refused the connection with an error of its own\.$/,
};

for (const [said, reason] of Object.entries(REFUSALS)) {
  test(`nats: a server that refuses with ${said} is down`, async (t) => {
    const port = await serveTcp(t, (socket) => speak(socket, 'INFO {}\r\n', `-ERR '${said}'\r\n`));

    assert.match(reasonOf(await probe(nats, at(port))), reason);
  });
}

test('nats: a ping is answered', async (t) => {
  const port = await serveTcp(t, (socket) => {
    socket.write('INFO {}\r\nPING\r\n');
    socket.on('data', (bytes) => {
      if (bytes.toString().includes('PONG')) socket.write('PONG\r\n');
    });
  });

  assert.equal((await probe(nats, at(port), { timeoutMs: 2_000 }))?.state, 'up');
});

test('nats: a closed port can be expected to be closed', async () => {
  const result = await probe(nats, { ...at(await closedPort()), expect: ['[CONNECTED] == false'] });

  assert.equal(result?.state, 'up');
});

function speak(socket: Socket, first: string, then: string): void {
  socket.write(first);
  socket.once('data', () => socket.write(then));
}

function repeat(socket: Socket): void {
  socket.write('INFO {}\r\n');
  socket.once('data', (bytes) => socket.write(`-ERR '${bytes.toString().split('\r\n')[0]}'\r\n`));
}
