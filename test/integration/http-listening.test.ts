import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { test } from 'node:test';
import { exchange, openHttpFace, socketFolder } from '../support/http-face.ts';

test('a taken port is a clear error that names the port and how to choose another', async (t) => {
  const { port } = await openHttpFace(t);
  const { face } = await openHttpFace(t, { listens: false });

  await assert.rejects(face.listen({ host: '127.0.0.1', port }), (error: Error & { code: string; hint: string }) => {
    assert.equal(error.code, 'HTTP_PORT_TAKEN');
    assert.match(error.message, new RegExp(`Port ${port} on 127\\.0\\.0\\.1`));
    assert.match(error.hint, /EVENKEEL_PORT=/);
    return true;
  });
});

test('an address that is not ours is a clear error', async (t) => {
  const { face } = await openHttpFace(t, { listens: false });

  await assert.rejects(face.listen({ host: '203.0.113.1', port: 0 }), {
    code: 'HTTP_ADDRESS_UNUSABLE',
    message: /EADDRNOTAVAIL/,
  });
});

test('whoever may open the admin socket is the owner, and only its user may', async (t) => {
  const { ask, face, port } = await openHttpFace(t);
  const socketPath = path.join(socketFolder(t), 'admin.sock');

  await face.listenSocket(socketPath);
  const overSocket = await exchange({ socketPath, method: 'GET', path: '/api/v1/tokens' });
  await exchange({ socketPath, method: 'POST', path: '/api/v1/tokens' }, { name: 'ci', role: 'owner' });

  assert.equal(overSocket.status, 200);
  assert.equal(statSync(socketPath).mode & 0o777, 0o600);
  const { json } = await ask('GET', '/api/v1/tokens', { as: 'owner' });
  assert.equal(json.tokens.find(({ name }: { name: string }) => name === 'ci').createdBy, 'admin socket');
  assert.equal((await ask('GET', '/api/v1/tokens')).status, 401, `port ${port} is not the socket`);
});

test('the admin socket takes the scrapes of Prometheus too, and is not rate-limited', async (t) => {
  const { face } = await openHttpFace(t, { options: { limits: { api: 1 } } });
  const socketPath = path.join(socketFolder(t), 'admin.sock');
  await face.listenSocket(socketPath);

  const statuses = [];
  for (let time = 0; time < 3; time += 1) {
    statuses.push((await exchange({ socketPath, method: 'GET', path: '/metrics' })).status);
  }

  assert.deepEqual(statuses, [200, 200, 200]);
});

test('a socket left behind by a killed process is replaced', async (t) => {
  const socketPath = path.join(socketFolder(t), 'admin.sock');
  const leave = `require('net').createServer().listen(${JSON.stringify(socketPath)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', leave]);
  assert.ok(existsSync(socketPath));
  const { face } = await openHttpFace(t);

  await face.listenSocket(socketPath);

  assert.equal((await exchange({ socketPath, method: 'GET', path: '/health' })).status, 200);
});

test('a socket that somebody answers is left alone', async (t) => {
  const first = await openHttpFace(t);
  const second = await openHttpFace(t);
  const socketPath = path.join(socketFolder(t), 'admin.sock');
  await first.face.listenSocket(socketPath);

  await assert.rejects(second.face.listenSocket(socketPath), { code: 'HTTP_SOCKET_TAKEN' });

  assert.equal((await exchange({ socketPath, method: 'GET', path: '/health' })).status, 200);
});

test('a file that is no socket is never deleted', async (t) => {
  const { face } = await openHttpFace(t);
  const file = path.join(socketFolder(t), 'admin.sock');
  writeFileSync(file, 'precious');

  await assert.rejects(face.listenSocket(file), { code: 'HTTP_SOCKET_UNUSABLE' });

  assert.ok(existsSync(file));
});

test('a path too long for a socket is a clear error', async (t) => {
  const { face } = await openHttpFace(t);

  await assert.rejects(face.listenSocket(path.join(socketFolder(t), 'x'.repeat(120))), {
    code: 'HTTP_SOCKET_UNUSABLE',
  });
});

test('stopping lets what runs finish, takes nothing new and removes the socket', async (t) => {
  const { promise: checking, resolve: begin } = Promise.withResolvers<void>();
  const { promise: gate, resolve: finish } = Promise.withResolvers<void>();
  const checkNow = async () => {
    begin();
    await gate;
    return { state: 'up' } as const;
  };
  const { ask, face, port, secretOf } = await openHttpFace(t, { checkNow });
  const socketPath = path.join(socketFolder(t), 'admin.sock');
  await face.listenSocket(socketPath);
  await secretOf('owner');

  const running = ask('POST', '/api/v1/monitors/web/run', { as: 'owner' });
  await checking;
  const closing = face.close();
  await assert.rejects(exchange({ host: '127.0.0.1', port, method: 'GET', path: '/health' }), { code: 'ECONNREFUSED' });
  finish();

  assert.equal((await running).status, 200);
  await closing;
  assert.ok(!existsSync(socketPath));
});

test('snapshots are offered every request on the port first', async (t) => {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== '/') return false;
    response.end('<!doctype html>');
    return true;
  };
  const { ask } = await openHttpFace(t, { options: { snapshots: { answer } } });

  assert.equal((await ask('GET', '/')).text, '<!doctype html>');
  assert.equal((await ask('GET', '/health')).status, 200);
});

test('a port is free again after stopping', async (t) => {
  const { face, port } = await openHttpFace(t);

  await face.close();

  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  await promise;
  server.close();
});
