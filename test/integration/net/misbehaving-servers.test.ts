import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNet } from '../../../src/platform/net/net.ts';
import { systemClock } from '../../../src/platform/system-clock.ts';
import { deadline, send, text, withCode } from '../../support/requests.ts';
import { closedPort, serveHttp, serveTcp } from '../../support/servers/misbehaving.ts';

const HANGING: Readonly<Record<string, Parameters<typeof serveTcp>[1]>> = {
  'accepts and says nothing': () => undefined,
  'answers byte by byte': (socket) => {
    const timer = setInterval(() => socket.write('H'), 20);
    socket.once('close', () => clearInterval(timer));
    socket.write('HTTP/1.1 200 OK\r\nX-Long: ');
  },
  'sends its body byte by byte': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n');
    const timer = setInterval(() => socket.write('x'), 20);
    socket.once('close', () => clearInterval(timer));
  },
};

for (const [name, greet] of Object.entries(HANGING)) {
  test(`a server that ${name} is left at the deadline`, async (t) => {
    const port = await serveTcp(t, greet);

    await assert.rejects(send({ url: `http://127.0.0.1:${port}/`, signal: deadline(150) }), {
      name: 'TimeoutError',
    });
    await assert.rejects(send({ url: `https://127.0.0.1:${port}/`, signal: deadline(150) }), (error: Error) =>
      ['TimeoutError', 'Error'].includes(error.name),
    );
  });
}

test('a name that is never resolved is left at the deadline', async () => {
  const lookup = () => Promise.withResolvers<readonly string[]>().promise;

  const sending = send({ url: 'http://shop.example/', signal: deadline(50) }, 'manifest', lookup);

  await assert.rejects(sending, { name: 'TimeoutError' });
});

test('one name occupies one lookup at a time', async () => {
  let lookups = 0;
  const lookup = () => {
    lookups += 1;
    return Promise.withResolvers<readonly string[]>().promise;
  };
  const net = createNet({ policy: 'manifest', clock: systemClock, lookup });

  const both = await Promise.allSettled(
    [1, 2].map(() => net.tcp.connect({ host: 'db.example', port: 1 }, deadline(20))),
  );

  assert.deepEqual([lookups, both.map(({ status }) => status)], [1, ['rejected', 'rejected']]);
});

const BROKEN: Readonly<Record<string, readonly [string, string]>> = {
  'is not HTTP': ['SSH-2.0-OpenSSH_9.2\r\n', 'NET_ANSWER_MALFORMED'],
  'hangs up': ['', 'ECONNRESET'],
  'switches protocols unasked': [
    'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
    'NET_ANSWER_MALFORMED',
  ],
  'has endless headers': [`HTTP/1.1 200 OK\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 'NET_HEADERS_TOO_LONG'],
  'breaks off in the body': ['HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhal', 'ECONNRESET'],
};

for (const [name, [answer, code]] of Object.entries(BROKEN)) {
  test(`an answer that ${name} is an error, ${code}`, async (t) => {
    const port = await serveTcp(t, (socket) => socket.once('data', () => socket.end(answer)));

    await assert.rejects(send({ url: `http://127.0.0.1:${port}/?token=hush` }), withCode(code));
  });
}

test('a connection that is reset in the body is an error', async (t) => {
  const port = await serveTcp(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhal');
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
  });

  await assert.rejects(send({ url: `http://127.0.0.1:${port}/` }), withCode('ECONNRESET'));
});

test('a closed port is refused', async () => {
  await assert.rejects(send({ url: `http://127.0.0.1:${await closedPort()}/` }), withCode('ECONNREFUSED'));
});

test('all addresses of a name are tried', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end('here'));

  const lookup = async () => ['::1', '127.0.0.1'];
  const response = await send({ url: `http://shop.example:${port}/` }, 'manifest', lookup);

  assert.deepEqual([text(response.body), response.address], ['here', '127.0.0.1']);
});
