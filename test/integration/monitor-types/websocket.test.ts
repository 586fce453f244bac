import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, test } from 'node:test';
import { websocket } from '../../../src/monitoring/types/websocket.ts';
import { probe, reasonOf } from '../../support/probe-io.ts';
import { selfSigned } from '../../support/servers/certificates.ts';
import { closedPort, pourWithoutEnd, serveHttp, serveTcp } from '../../support/servers/misbehaving.ts';
import { openingAnswer, serverFrame, serveWebSocket, startWebSocketEcho } from '../../support/servers/websocket.ts';
import { PLANTED, tryType } from '../../support/type-trial.ts';

const echo = await startWebSocketEcho({ after });
const echoUrl = `ws://127.0.0.1:${echo.port}`;
const at = (port: number) => ({ websocket: `ws://app:${PLANTED}@127.0.0.1:${port}/?token=${PLANTED}` });
/** What a server may repeat to us: the credentials, and what it was told. */
const SECRETS = { headers: { 'x-key': PLANTED }, send: PLANTED, receive: 'never' };

tryType(websocket, {
  up: async () => ({ websocket: `${echoUrl}/?token=${PLANTED}`, send: PLANTED, receive: 'planted' }),
  down: async () => at(await closedPort()),
  degraded: async () => ({ websocket: echoUrl, expect: { degraded: ['[RESPONSE_TIME] < 0ms'] } }),
  silent: async (t) => at(await serveTcp(t, () => undefined)),
  hostile: {
    'serves pages': async (t) => at(await serveHttp(t, (request, response) => response.end(request.rawHeaders.join()))),
    'never ends': async (t) => at(await serveTcp(t, pourWithoutEnd)),
    'repeats the handshake': async (t) => at(await serveTcp(t, (socket) => socket.pipe(socket))),
    'repeats what it is told': async () => ({ websocket: echoUrl, ...SECRETS }),
    'breaks off after the handshake': async (t) => ({
      ...at(await serveWebSocket(t, (socket) => socket.resetAndDestroy())),
      ...SECRETS,
    }),
    'hangs up': async (t) => at(await serveTcp(t, (socket) => socket.end())),
  },
  rejected: async () => ({ websocket: `ws://app:${PLANTED}@127.0.0.1:${echo.port}/locked` }),
});

test('websocket: a server that opens it is up, after a whole handshake [MON-05/R] [HLT-05/R]', async () => {
  const result = await probe(websocket, { websocket: `${echoUrl}/live?token=hush`, expect: ['[STATUS] == 101'] });

  assert.equal(result?.state, 'up');
  assert.ok((result.latencyMs ?? 0) > 0);
});

test('websocket: what is sent comes back, and is found in it [MON-05/R] [HLT-05/R]', async () => {
  const said = { websocket: echoUrl, send: 'are you there?', receive: 'you there' };

  assert.equal((await probe(websocket, said))?.state, 'up');
});

test('websocket: what came is shown where a condition fails, but nothing that we sent', async (t) => {
  const reason = async (settings: object) =>
    reasonOf(await probe(websocket, { ...settings, expect: ['[BODY] == yes'] }));
  const came = { websocket: echoUrl, send: 'fragments', receive: 'one two three' };
  assert.equal(await reason(came), '[BODY] was "one two three", expected "yes".');

  const back = { websocket: echoUrl, send: '{"key":"hush-hush"}', receive: 'key' };
  assert.equal(await reason(back), '[BODY] was (hidden), expected "yes".');
  const part = { ...back, expect: ['[BODY].key == yes'] };
  assert.equal(reasonOf(await probe(websocket, part)), '[BODY].key was (hidden), expected "yes".');
  for (const said of ['hush-hush', 'hu:sh', PLANTED, 'a2V5Omh1OnNo', '{"told":"it is hush-hush"}']) {
    const port = await serveWebSocket(t, (socket) => socket.end(serverFrame(TEXT, `heard ${said}`)));
    const url = `ws://key:hu%3Ash@127.0.0.1:${port}/?token=${PLANTED}`;
    const headers = { 'x-key': 'Key hush-hush' };
    const told = await reason({ websocket: url, receive: 'heard', ...(said !== 'a2V5Omh1OnNo' && { headers }) });
    assert.equal(told, '[BODY] was (hidden), expected "yes".', said);
  }
});

test('websocket: a message in pieces with a ping between them is one message', async () => {
  const result = await probe(websocket, { websocket: echoUrl, send: 'fragments', receive: 'one two three' });

  assert.equal(result?.state, 'up');
});

test('websocket: a long text is sent whole', async () => {
  const send = 'x'.repeat(9_000);

  assert.equal((await probe(websocket, { websocket: echoUrl, send: `${send}end`, receive: 'xend' }))?.state, 'up');
});

test('websocket: headers, credentials and the protocol within it are told in the handshake [MON-05/R]', async () => {
  const locked = `${echoUrl}/locked`;
  const headers = { authorization: 'Bearer hush' };

  assert.equal((await probe(websocket, { websocket: locked, headers, protocol: 'chat.v2' }))?.state, 'up');
  const withCredentials = locked.replace('ws://', 'ws://u:hush@');
  assert.equal((await probe(websocket, { websocket: withCredentials }))?.state, 'up');
  const where = `127.0.0.1:${echo.port}/locked`;
  assert.equal(
    reasonOf(await probe(websocket, { websocket: locked })),
    `${where} answered 401, expected 101: it opens no WebSocket there.`,
  );
  const other = await probe(websocket, { websocket: locked, headers, protocol: 'chat.v9' });
  assert.match(reasonOf(other), /does not speak the protocol asked for\.$/);
});

test('websocket: a server that closes it before it says what it should is down, with its code', async () => {
  const result = await probe(websocket, { websocket: echoUrl, send: 'leave', receive: 'pong' });

  assert.equal(
    reasonOf(result),
    `127.0.0.1:${echo.port} closed the WebSocket with 1008 before it sent a message with "pong".`,
  );
});

test('websocket: over TLS the certificate counts, unless told otherwise [MON-05/R]', async (t) => {
  const server = await startWebSocketEcho(t, { tls: selfSigned(t).files });
  const address = `wss://127.0.0.1:${server.port}/`;

  assert.equal((await probe(websocket, { websocket: address, verify_tls: false }))?.state, 'up');
  assert.match(reasonOf(await probe(websocket, { websocket: address })), /is signed by nobody but itself\.$/);
});

test('websocket: a closed port is down', async () => {
  const where = `127.0.0.1:${await closedPort()}`;

  assert.equal(
    reasonOf(await probe(websocket, { websocket: `ws://u:hush@${where}/` })),
    `${where} refused the connection.`,
  );
});

test('websocket: a server that serves only pages is down', async (t) => {
  const port = await serveHttp(t, (_request, response) => response.end('hush'));

  assert.match(reasonOf(await probe(websocket, { websocket: `ws://127.0.0.1:${port}` })), /answered 200, expected 101/);
});

test('websocket: a server that says nothing is down at the deadline', async (t) => {
  const silent = await serveTcp(t, () => undefined);
  const mute = await serveWebSocket(t, () => undefined);

  const unopened = await probe(websocket, { websocket: `ws://127.0.0.1:${silent}` }, { timeoutMs: 100 });
  assert.equal(reasonOf(unopened), `127.0.0.1:${silent} did not answer within 100ms.`);
  const unsaid = await probe(websocket, { websocket: `ws://127.0.0.1:${mute}`, receive: 'x' }, { timeoutMs: 100 });
  assert.equal(reasonOf(unsaid), `127.0.0.1:${mute} did not answer within 100ms.`);
});

test('websocket: a server that says something else until the deadline is not called silent', async (t) => {
  const port = await serveWebSocket(t, (socket) => socket.write(serverFrame(TEXT, 'pong')));

  const result = await probe(
    websocket,
    { websocket: `ws://127.0.0.1:${port}`, send: 'ping', receive: 'hello', expect: ['[CONNECTED] == true'] },
    { timeoutMs: 200 },
  );

  assert.equal(
    reasonOf(result),
    `127.0.0.1:${port} did not send a message with "hello" within 200ms, but another one.`,
  );
});

test('websocket: one that never says goodbye is up all the same, a second later', async (t) => {
  const port = await serveWebSocket(t, () => undefined);

  const result = await probe(websocket, { websocket: `ws://127.0.0.1:${port}` });

  assert.equal(result?.state, 'up');
  assert.ok((result.latencyMs ?? 1_000) < 900, 'the goodbye is not part of the time');
});

test('websocket: we say goodbye with 1000, in a masked frame', async (t) => {
  const goodbye = Promise.withResolvers<Buffer>();
  const port = await serveWebSocket(t, (socket) => socket.once('data', (bytes) => goodbye.resolve(Buffer.from(bytes))));

  await probe(websocket, { websocket: `ws://127.0.0.1:${port}` });

  const bytes = await goodbye.promise;
  const code = Buffer.from([(bytes[6] ?? 0) ^ (bytes[2] ?? 0), (bytes[7] ?? 0) ^ (bytes[3] ?? 0)]);
  assert.deepEqual([bytes[0], bytes[1], bytes.length, code.readUInt16BE()], [0x88, 0x82, 8, 1000]);
});

test('websocket: a ping is answered with what it carries, in a masked frame', async (t) => {
  const port = await serveWebSocket(t, (socket) => {
    socket.write(serverFrame(0x89, 'hey'));
    socket.on('data', (bytes) => {
      const [first, second, ...rest] = Buffer.from(bytes);
      const unmasked = rest.slice(4).map((byte, index) => byte ^ (rest[index % 4] ?? 0));
      const isPong = first === 0x8a && second === 0x83 && Buffer.from(unmasked).toString() === 'hey';
      if (isPong) socket.write(serverFrame(0x81, 'pong'));
    });
  });

  const result = await probe(websocket, { websocket: `ws://127.0.0.1:${port}`, receive: 'pong' }, { timeoutMs: 2_000 });

  assert.equal(result?.state, 'up');
});

const TEXT = 0x81;
const big = Buffer.from([TEXT, 127, 0, 0, 0, 0, 0xff, 0, 0, 0]);

const SPEECHES: Readonly<Record<string, readonly [(socket: Socket) => unknown, RegExp]>> = {
  'masks its frames': [(socket) => socket.write(serverFrame(TEXT, 'abcdhush', 0x84)), /masks what it sends/],
  'uses reserved bits': [(socket) => socket.write(serverFrame(0xc1, 'hush')), /an extension nobody asked for/],
  'uses unknown kinds of frames': [(socket) => socket.write(serverFrame(0x83, 'hush')), /the unknown kind 3/],
  'cuts a ping in pieces': [(socket) => socket.write(serverFrame(0x09, '')), /malformed control frame/],
  'sends a long ping': [(socket) => socket.write(Buffer.from([0x89, 126, 1, 0])), /malformed control frame/],
  'announces gigabytes': [(socket) => socket.write(big), /a message that is too long/],
  'goes on with what never began': [(socket) => socket.write(serverFrame(0x80, 'hush')), /mixed up the pieces/],
  'begins anew within a message': [
    (socket) => socket.write(Buffer.concat([serverFrame(0x01, 'a'), serverFrame(TEXT, 'b')])),
    /mixed up the pieces/,
  ],
  'sends pieces without end': [
    (socket) => repeat(socket, serverFrame(0x01, 'a'), serverFrame(0x00, 'a')),
    /in pieces without end/,
  ],
  'pings without end': [(socket) => repeat(socket, serverFrame(0x89, 'a')), /sends pings without end/],
  'chatters without end': [(socket) => repeat(socket, serverFrame(TEXT, 'no')), /sent 1000 messages, and none was/],
  'refuses us after the handshake': [
    (socket) => socket.end(serverFrame(0x88, Buffer.from([0x03, 0xf0]))),
    /closed the WebSocket with 1008/,
  ],
  'hangs up': [(socket) => socket.end(), /ended the connection before it sent a message with "pong"/],
  'hangs up within a frame': [(socket) => socket.end(Buffer.from([TEXT, 9, 1])), /ended the connection/],
  'breaks off': [(socket) => socket.resetAndDestroy(), /broke off the connection|ended the connection/],
};

for (const [name, [speak, reason]] of Object.entries(SPEECHES)) {
  test(`websocket: a server that ${name} is down`, async (t) => {
    const port = await serveWebSocket(t, speak);

    const result = await probe(websocket, { websocket: `ws://127.0.0.1:${port}/`, receive: 'pong' });

    assert.match(reasonOf(result), reason);
  });
}

test('websocket: a refusal that only comes after the handshake counts without waiting for a message', async (t) => {
  const port = await serveWebSocket(t, (socket) => socket.end(serverFrame(0x88, Buffer.from([0x03, 0xf0]))));

  const result = await probe(websocket, { websocket: `ws://127.0.0.1:${port}/` });

  assert.equal(reasonOf(result), `127.0.0.1:${port} closed the WebSocket with 1008 right after the handshake.`);
});

const answer = (change: (right: string) => string) => (key: string) => change(openingAnswer(key));

const OPENINGS: Readonly<Record<string, readonly [(key: string) => string, RegExp]>> = {
  'proves it with a wrong key': [() => openingAnswer('hush'), /wrong Sec-WebSocket-Accept/],
  'proves nothing': [answer((right) => right.replace(/Sec-WebSocket-Accept.*\r\n/, '')), /wrong Sec-WebSocket-Accept/],
  'switches to something else': [
    answer((right) => right.replace('websocket', 'h2c')),
    /another protocol than WebSocket/,
  ],
  'does not switch': [answer((right) => right.replace(', Upgrade', '')), /another protocol than WebSocket/],
  'compresses unasked': [
    answer((right) => right.replace('\r\n\r\n', '\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n')),
    /an extension nobody asked for/,
  ],
  'chooses a protocol unasked': [
    answer((right) => right.replace('\r\n\r\n', '\r\nSec-WebSocket-Protocol: hush\r\n\r\n')),
    /chose another protocol/,
  ],
  redirects: [() => 'HTTP/1.1 302 Found\r\nLocation: /hush\r\n\r\n', /answered 302, expected 101/],
  'speaks something else': [() => 'SSH-2.0-OpenSSH\r\n\r\n', /answered "SSH-2\.0-OpenSSH"/],
  'sends half an answer': [() => 'HTTP/1.1 101 Switching', /did not answer the handshake with HTTP/],
};

for (const [name, [opening, reason]] of Object.entries(OPENINGS)) {
  test(`websocket: a server that ${name} is down`, async (t) => {
    const port = await serveTcp(t, (socket) =>
      socket.once('data', (request) => {
        socket.end(opening(/sec-websocket-key: (?<key>.*)\r\n/.exec(request.toString())?.groups?.['key'] ?? ''));
      }),
    );

    assert.match(reasonOf(await probe(websocket, { websocket: `ws://127.0.0.1:${port}/` })), reason);
  });
}

test('websocket: headers without end are read as far as needed', async (t) => {
  const port = await serveTcp(t, pourWithoutEnd);

  assert.match(
    reasonOf(await probe(websocket, { websocket: `ws://127.0.0.1:${port}/` })),
    /did not answer the handshake/,
  );
});

test('websocket: a shutdown in the middle of a check is no downtime', async (t) => {
  const stopping = new AbortController();
  const port = await serveWebSocket(t, () => setTimeout(() => stopping.abort(new Error('stopping')), 50));

  const checking = probe(websocket, { websocket: `ws://127.0.0.1:${port}`, receive: 'x' }, { signal: stopping.signal });

  await assert.rejects(checking, /stopping/);
});

/** The first piece once, the last one for ever. */
function repeat(socket: Socket, ...pieces: readonly Buffer[]): void {
  const last = pieces.at(-1) ?? Buffer.alloc(0);
  socket.write(Buffer.concat([...pieces, ...Array.from({ length: 5_000 }, () => last)]));
}
