import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { http } from '../../../src/monitoring/types/http.ts';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { eventually } from '../../support/eventually.ts';
import { fakeIo, probe, reasonOf } from '../../support/probe-io.ts';
import { deadline } from '../../support/requests.ts';
import { type Certificate, selfSigned } from '../../support/servers/certificates.ts';
import { pourWithoutEnd, serveHttps, serveTcp } from '../../support/servers/misbehaving.ts';

const TIMEOUT_MS = 400;
/** What a busy machine may add to a deadline. */
const SLACK_MS = 1_500;
const GIGABYTE = 1_000_000_000;
const MEGABYTE = 1_000_000;

const HANGING: Readonly<Record<string, (socket: Socket) => void>> = {
  'accepts and never answers': () => undefined,
  'answers byte by byte': (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nX-Long: '),
  'sends its body byte by byte': (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n'),
  'says that it goes on for ever': (socket) => {
    const timer = setInterval(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'), 20);
    socket.once('close', () => clearInterval(timer));
  },
};

for (const [name, greet] of Object.entries(HANGING)) {
  test(`http: a server that ${name} is down at the deadline and let go`, async (t) => {
    const server = await open(t, greet);

    for (const expect of [undefined, ['[STATUS] == 200'], ['[BODY] == ok']]) {
      const settings = { http: `http://127.0.0.1:${server.port}/`, ...(expect && { expect }) };
      const startedAt = performance.now();
      const result = await probe(http, settings, { timeoutMs: TIMEOUT_MS });

      assert.ok(performance.now() - startedAt < TIMEOUT_MS + SLACK_MS);
      assert.equal(reasonOf(result), `127.0.0.1:${server.port} did not answer within ${TIMEOUT_MS}ms.`);
    }
    await server.isQuiet({ connections: 3 });
  });
}

test('http: of a gigabyte nobody looks at only the beginning is read, and the status decides', async (t) => {
  let status = 200;
  const server = await open(t, (socket) => {
    socket.write(`HTTP/1.1 ${status} Whatever\r\nContent-Length: ${GIGABYTE}\r\n\r\n`);
    pourWithoutEnd(socket);
  });
  const settings = { http: `http://127.0.0.1:${server.port}/` };
  const before = process.memoryUsage().rss;

  const up = await probe(http, settings, { timeoutMs: 5_000 });
  status = 500;
  const down = await probe(http, { ...settings, expect: ['[STATUS] == 200'] }, { timeoutMs: 5_000 });

  assert.equal(up?.state, 'up');
  assert.match(reasonOf(down), /: \[STATUS\] was 500, expected 200\.$/);
  await server.isQuiet({ connections: 2 });
  // What the system holds in its own buffers on the way is sent, and never read.
  assert.ok(server.bytesSent() < 40 * MEGABYTE, `${server.bytesSent()} bytes were sent`);
  assert.ok(process.memoryUsage().rss - before < 60 * MEGABYTE);
});

test('http: of a gigabyte of JSON a megabyte is read, and what is not found in it is told so', async (t) => {
  const server = await open(t, (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${GIGABYTE}\r\n\r\n{"status":"`);
    pourWithoutEnd(socket);
  });
  const settings = { http: `http://127.0.0.1:${server.port}/`, expect: ['[BODY].status == ok'] };
  const before = process.memoryUsage().rss;

  const result = await probe(http, settings, { timeoutMs: 5_000 });

  assert.match(reasonOf(result), /\[BODY\]\.status is not there because the body is longer than what was read of it/);
  await server.isQuiet({ connections: 1 });
  assert.ok(process.memoryUsage().rss - before < 60 * MEGABYTE);
});

test('http: a server that redirects for ever is left after the tenth time', async (t) => {
  const server = await open(t, (socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n'));
  });

  const result = await probe(http, { http: `http://127.0.0.1:${server.port}/` }, { timeoutMs: 5_000 });

  assert.equal(reasonOf(result), `127.0.0.1:${server.port} redirects more than 10 times.`);
  await server.isQuiet({ connections: 11 });
});

test('http: redirects that each take their time end at the one deadline', async (t) => {
  const server = await open(t, (socket) => {
    const timer = setTimeout(() => socket.end('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n'), 150);
    socket.once('close', () => clearTimeout(timer));
  });

  const result = await probe(http, { http: `http://127.0.0.1:${server.port}/` }, { timeoutMs: TIMEOUT_MS });

  assert.equal(reasonOf(result), `127.0.0.1:${server.port} did not answer within ${TIMEOUT_MS}ms.`);
  await server.isQuiet({ connections: 3 });
});

test('http: a certificate that is no good is told in plain words, and can be looked past', async (t) => {
  const expired = selfSigned(t, { days: -1 });
  const foreign = selfSigned(t, { names: 'DNS:other.example' });
  const unknown = selfSigned(t);
  setDefaultCACertificates([expired.certificate, foreign.certificate]);
  t.after(() => setDefaultCACertificates(getCACertificates('bundled')));
  const sentences: readonly (readonly [Certificate, string])[] = [
    [expired, 'has expired.'],
    [foreign, 'is made out to another name.'],
    [unknown, 'is signed by nobody but itself.'],
  ];

  for (const [certificate, sentence] of sentences) {
    const port = await serveHttps(t, certificate, (_request, response) => response.end());
    const settings = { http: `https://127.0.0.1:${port}/` };

    assert.equal(reasonOf(await probe(http, settings)), `The certificate of 127.0.0.1:${port} ${sentence}`);
    assert.equal((await probe(http, { ...settings, verify_tls: false }))?.state, 'up');
  }
});

test('http: TLS that is never finished is left at the deadline', async (t) => {
  const server = await open(t, () => undefined);

  const result = await probe(http, { http: `https://127.0.0.1:${server.port}/` }, { timeoutMs: TIMEOUT_MS });

  assert.equal(reasonOf(result), `127.0.0.1:${server.port} did not answer within ${TIMEOUT_MS}ms.`);
  await server.isQuiet({ connections: 1 });
});

test('http: a name server that hangs is not waited for beyond the deadline', async () => {
  const lookup = () => Promise.withResolvers<readonly string[]>().promise;
  const net = createNet({ policy: 'manifest', clock: systemClock, lookup });
  const io = fakeIo({ clock: systemClock, net, signal: deadline(TIMEOUT_MS), timeoutMs: TIMEOUT_MS });

  const result = await http.prepare(http.settings.parse({ http: 'http://shop.example/' }))(io);

  assert.equal(reasonOf(result), `shop.example did not answer within ${TIMEOUT_MS}ms.`);
});

test('http: an answer that breaks off is down, and tells so', async (t) => {
  const server = await open(t, (socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'));
  });

  const result = await probe(http, { http: `http://127.0.0.1:${server.port}/` });

  assert.equal(reasonOf(result), `127.0.0.1:${server.port} broke off the connection.`);
  await server.isQuiet({ connections: 1 });
});

async function open(t: TestContext, greet: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const port = await serveTcp(t, (socket) => {
    sockets.push(socket);
    // Who does not read does not see the other side go.
    socket.resume();
    greet(socket);
  });
  return {
    port,
    bytesSent: () => sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    /** The server saw each connection end: nothing of us is left behind. */
    isQuiet: ({ connections }: { readonly connections: number }) =>
      eventually(() => {
        assert.deepEqual([sockets.length, sockets.filter(({ destroyed }) => !destroyed).length], [connections, 0]);
      }),
  };
}

function drip(socket: Socket, beginning: string): void {
  socket.write(beginning);
  const timer = setInterval(() => socket.write('x'), 20);
  socket.once('close', () => clearInterval(timer));
}
