import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freshDatabase, startPostgres } from '../support/servers/postgres.ts';
import { startRedis } from '../support/servers/redis.ts';

const SERVERS = path.join(import.meta.dirname, '../support/servers');

test('a PostgreSQL of its own gives fresh databases and is gone after stop', async (t) => {
  const server = await startPostgres(t, { password: 'p:a/s?s w', fsync: true });
  const [one, other] = [await freshDatabase(server), await freshDatabase(server)];

  const client = new Client({ connectionString: one });
  await client.connect();
  const { rows } = await client.query('select current_database() as name, current_setting($1) as fsync', ['fsync']);
  await client.end();

  assert.deepEqual(rows, [{ name: new URL(one).pathname.slice(1), fsync: 'on' }]);
  assert.notEqual(one, other);
  await server.stop();
  assert.equal(await isOpen(server.port), false);
});

test('a Redis of its own is gone after stop', async (t) => {
  const server = await startRedis(t);

  assert.equal(await isOpen(server.port), true);
  await server.stop();
  assert.equal(await isOpen(server.port), false);
});

test('servers end even when the process of the test is killed', async () => {
  const script = `
    import { startPostgres } from '${SERVERS}/postgres.ts';
    import { startRedis } from '${SERVERS}/redis.ts';
    const servers = [await startPostgres({ after() {} }), await startRedis({ after() {} })];
    console.log(servers.map((server) => server.port).join(' '));
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  const ports = String(said).trim().split(' ').map(Number);
  assert.deepEqual(await Promise.all(ports.map(isOpen)), [true, true]);

  child.kill('SIGKILL');

  const giveUpAt = Date.now() + 10_000;
  while ((await Promise.all(ports.map(isOpen))).includes(true)) {
    assert.ok(Date.now() < giveUpAt, 'a server outlived its test');
    await sleep(50);
  }
});

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
