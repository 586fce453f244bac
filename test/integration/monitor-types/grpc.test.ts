import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerHttp2Stream } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Complaint } from '../../../src/monitoring/protocols/conversation.ts';
import { askHealth } from '../../../src/monitoring/protocols/grpc-health.ts';
import { grpc } from '../../../src/monitoring/types/grpc.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { startGrpc } from '../../support/servers/grpc.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveTcp } from '../../support/servers/misbehaving.ts';
import type { Ending } from '../../support/servers/server.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const TOKEN = 'Bearer right';
const health = {
  '': 'SERVING',
  'shop.v1.Orders': 'SERVING',
  'shop.v1.Mail': 'NOT_SERVING',
  'shop.v1.New': 'UNKNOWN',
  'shop.v1.Odd': 'SERVICE_UNKNOWN',
  'shop.v1.Busy': 14,
  'shop.v1.Lost': 15,
} as const;
const open = await startGrpc({ after }, { health });
const locked = await startGrpc({ after }, { health, token: TOKEN });
const bare = await startGrpc({ after }, {});
const at = (port: number) => `127.0.0.1:${port}`;

tryType(grpc, {
  up: async () => ({ grpc: at(open) }),
  down: async () => ({ grpc: at(await closedPort()) }),
  degraded: async () => ({ grpc: at(open), expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } }),
  silent: async (t) => ({ grpc: at(await serveTcp(t, () => undefined)) }),
  hostile: {
    'speaks something else': async (t) => ({
      grpc: at(await serveTcp(t, (socket) => socket.write('SSH-2.0-OpenSSH\r\n'))),
    }),
    'speaks HTTP/1': async (t) => ({ grpc: at(await serveHttp(t, (_request, response) => response.end('hush'))) }),
    'never ends': async (t) => ({ grpc: at(await serveTcp(t, pourWithoutEnd)) }),
    'hangs up at once': async (t) => ({ grpc: at(await serveTcp(t, (socket) => socket.end())) }),
    'breaks off': async (t) => ({ grpc: at(await serveTcp(t, (socket) => socket.resetAndDestroy())) }),
    'answers without end': async (t) => ({ grpc: at(await serveHttp2(t, answerWithoutEnd)) }),
    'sends a message that is none': async (t) => ({ grpc: at(await serveHttp2(t, answerNonsense)) }),
    'serves pages': async (t) => ({ grpc: at(await serveHttp2(t, answerPage)) }),
    'ends without a status': async (t) => ({ grpc: at(await serveHttp2(t, answerHalf)) }),
    'resets the call': async (t) => ({ grpc: at(await serveHttp2(t, (stream) => stream.close(2))) }),
  },
  rejected: async () => ({ grpc: at(locked), metadata: { Authorization: `Bearer ${PLANTED}` } }),
});

test('grpc: a service that is served is up, with a time [MON-05/R]', async () => {
  const result = await probe(grpc, { grpc: `grpc://${at(open)}`, service: 'shop.v1.Orders' });

  assert.equal(result?.state, 'up');
  assert.ok((result.latencyMs ?? 0) > 0);
});

const ANSWERS: Readonly<Record<string, string>> = {
  'shop.v1.Mail': 'answered NOT_SERVING about shop.v1.Mail, expected SERVING.',
  'shop.v1.New': 'answered UNKNOWN about shop.v1.New, expected SERVING.',
  'shop.v1.Odd': 'answered SERVICE_UNKNOWN about shop.v1.Odd, expected SERVING.',
  'shop.v1.None': 'knows no service called "shop.v1.None".',
  'shop.v1.Busy': 'is not available at the moment (UNAVAILABLE).',
  'shop.v1.Lost': 'refused the call with the gRPC status 15.',
};

for (const [service, said] of Object.entries(ANSWERS)) {
  test(`grpc: of ${service} it says that it ${said}`, async () => {
    assert.equal(reasonOf(await probe(grpc, { grpc: at(open), service })), `${at(open)} ${said}`);
  });
}

test('grpc: a server without a health service is down, with what to do about it', async () => {
  assert.equal(
    reasonOf(await probe(grpc, { grpc: at(bare) })),
    `${at(bare)} runs no health service: register grpc.health.v1.Health in it, or check its port with tcp.`,
  );
});

test('grpc: metadata is sent along', async () => {
  const asked = { grpc: at(locked), metadata: { Authorization: TOKEN } };

  assert.equal((await probe(grpc, asked))?.state, 'up');
  assert.match(reasonOf(await probe(grpc, { grpc: at(locked) })), /or asks for some \(UNAUTHENTICATED\)\.$/);
});

test('grpc: metadata that HTTP/2 or gRPC keeps for itself is refused, with a sentence', () => {
  const own = ['connection', 'TE', 'host', 'content-length', 'Content-Type', 'transfer-encoding', 'upgrade'];
  const more = ['keep-alive', 'proxy-connection', 'http2-settings', ':path', 'grpc-timeout', 'Grpc-Status'];
  for (const name of [...own, ...more]) {
    const refused = grpc.settings.safeParse({ grpc: at(open), metadata: { [name]: 'x' } });

    assert.match(JSON.stringify(refused.error?.issues), /none that HTTP\/2 or gRPC keeps for itself/, name);
  }
  const allowed = { host_name: 'x', 'x-te': 'x', tenant: 'x', hosts: 'x' };
  assert.equal(grpc.settings.safeParse({ grpc: at(open), metadata: allowed }).success, true);
});

const QUESTION = { authority: at(open), isEncrypted: false, service: '', metadata: {}, timeoutMs: 1_000 };

test('grpc: a call that HTTP/2 does not let through is a complaint, and nothing breaks afterwards', async () => {
  const socket = connect(open, '127.0.0.1');
  const closed = once(socket, 'close');

  await assert.rejects(askHealth(socket, { ...QUESTION, metadata: { connection: 'close' } }), Complaint);

  // What is rejected then and awaited by nobody would end the process; here it fails the test.
  await closed;
  await setImmediate();
});

test('grpc: a connection that is gone already is a complaint about that', async () => {
  const socket = connect(open, '127.0.0.1');
  socket.destroy();

  await assert.rejects(askHealth(socket, QUESTION), /^Error: closed the connection without an answer$/);
});

test('grpc: over TLS the certificate counts, unless told otherwise', async (t) => {
  const port = await startGrpc(t, { health, certificate: selfSigned(t) });
  const address = `grpcs://${at(port)}`;

  assert.equal((await probe(grpc, { grpc: address, verify_tls: false }))?.state, 'up');
  assert.match(reasonOf(await probe(grpc, { grpc: address })), /is signed by nobody but itself\.$/);
  assert.match(reasonOf(await probe(grpc, { grpc: at(port) })), /closed the connection|broke off|HTTP\/2/);
});

test('grpc: pages are told from an answer by what they are', async (t) => {
  const port = await serveHttp2(t, answerPage);

  assert.equal(reasonOf(await probe(grpc, { grpc: at(port) })), `${at(port)} speaks HTTP, but not gRPC.`);
});

test('grpc: an answer without end is not read to its end', async (t) => {
  const port = await serveHttp2(t, answerWithoutEnd);

  assert.equal(reasonOf(await probe(grpc, { grpc: at(port) })), `${at(port)} sends an answer that is too long.`);
});

test('grpc: a closed port can be expected to be closed', async () => {
  const result = await probe(grpc, { grpc: at(await closedPort()), expect: ['[CONNECTED] == false'] });

  assert.equal(result?.state, 'up');
});

test('grpc: a shutdown in the middle of a check is no downtime', async (t) => {
  const stopping = new AbortController();
  const port = await serveTcp(t, (socket) => socket.once('data', () => stopping.abort(new Error('stopping'))));

  await assert.rejects(probe(grpc, { grpc: at(port) }, { signal: stopping.signal }), /stopping/);
});

const GRPC = { ':status': 200, 'content-type': 'application/grpc' };

function answerWithoutEnd(stream: ServerHttp2Stream): void {
  stream.respond(GRPC);
  pourWithoutEnd(stream);
}

function answerNonsense(stream: ServerHttp2Stream): void {
  stream.respond(GRPC, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end('hush');
}

function answerPage(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200, 'content-type': 'text/html' });
  stream.end('hush');
}

function answerHalf(stream: ServerHttp2Stream): void {
  stream.respond(GRPC);
  stream.end(Buffer.from('00000000020801', 'hex'));
}

async function serveHttp2(ending: Ending, answer: (stream: ServerHttp2Stream) => void): Promise<number> {
  const server = createServer();
  server.on('session', (session) => ending.after(async () => session.destroy()));
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => undefined);
    answer(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending.after(async () => void server.close());
  return (server.address() as AddressInfo).port;
}
