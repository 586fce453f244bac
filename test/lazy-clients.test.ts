import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import packageJson from '../package.json' with { type: 'json' };

const ROOT = path.resolve(import.meta.dirname, '..');

/** What a server uses whatever it watches. */
const ALWAYS = ['@fastify/helmet', '@fastify/rate-limit', '@prometheus-io/client', 'croner', 'fastify'];
const OFTEN = [...ALWAYS, 'intl-messageformat', 'kysely', 'pg', 'pino', 'yaml', 'zod'];

/** Every module that is loaded before anything is checked, told by the loader itself. */
const REPORT = `
  const { registerHooks } = await import('node:module');
  registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });
  await import('./src/app/serve.ts');
`;

test('a server carries no client of what it might be asked to watch', () => {
  const argv = ['--input-type=module', '--eval', REPORT];
  const loaded = execFileSync(process.execPath, argv, { cwd: ROOT, encoding: 'utf8' }).split('\n');
  assert.ok(
    loaded.some((url) => url.endsWith('/src/monitoring/types/index.ts')),
    'the report sees nothing',
  );

  const carried = Object.keys(packageJson.dependencies).filter((name) =>
    loaded.some((url) => url.includes(`/node_modules/${name}/`)),
  );

  assert.deepEqual(
    carried.filter((name) => !OFTEN.includes(name)),
    [],
  );
});
