import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

const ROOT = path.join(import.meta.dirname, '../..');

/** Prints the npm packages a process has loaded once it has imported `module`, and Node's own undici. */
const listing = (module: string) => `
  const loaded = new Set();
  require('node:module').registerHooks({
    load(url, context, next) {
      const [, name] = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url) ?? [];
      if (name !== undefined) loaded.add(name);
      return next(url, context);
    },
  });
  import(${JSON.stringify(path.join(ROOT, module))}).then(() => {
    if (process.moduleLoadList.some((name) => name.endsWith('undici/undici'))) loaded.add('undici');
    console.log(JSON.stringify([...loaded]));
  });`;

function loadedBy(module: string): readonly string[] {
  return JSON.parse(execFileSync(process.execPath, ['-e', listing(module)], { encoding: 'utf8', cwd: ROOT }));
}

test('a server loads nothing heavy that it may never need', () => {
  const loaded = loadedBy('src/app/serve.ts');

  assert.ok(loaded.includes('fastify'), 'the listing sees what is loaded');
  const heavy = ['pg', 'pg-boss', '@prometheus-io/client', 'ajv', 'commander', '@clack/prompts', 'undici'];
  assert.deepEqual(
    heavy.filter((name) => loaded.includes(name)),
    [],
  );
});

test('a command that asks a server does not load one', () => {
  const loaded = loadedBy('src/app/offline.ts');

  assert.ok(loaded.includes('zod'), 'the listing sees what is loaded');
  assert.deepEqual(
    ['fastify', 'kysely', 'pino', 'yaml', 'undici'].filter((name) => loaded.includes(name)),
    [],
  );
});
