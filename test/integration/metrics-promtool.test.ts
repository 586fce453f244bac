import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { openHttpFace } from '../support/http-face.ts';
import { requireProgram } from '../support/servers/install.ts';

const PROMTOOL = requireProgram({ name: 'promtool', packages: ['prometheus'] });

test('Prometheus reads /metrics, and finds no fault in the names we give [MET-01/R] [MET-02/R]', async (t) => {
  const { ask } = await openHttpFace(t);
  const { text } = await ask('GET', '/metrics', { as: 'viewer' });

  const { stdout, stderr } = spawnSync(PROMTOOL, ['check', 'metrics'], { input: text, encoding: 'utf8' });

  assert.equal(`${stdout}${stderr}`, '');
});
