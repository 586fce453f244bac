import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

const ROOT = path.join(import.meta.dirname, '../..');

/** Prints the npm packages a process has loaded once it has imported `module`, our files, and Node's own undici. */
const listing = (module: string) => `
  const loaded = new Set();
  require('node:module').registerHooks({
    load(url, context, next) {
      const [, name] = /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url) ?? [];
      if (url.startsWith('file:')) loaded.add(name ?? url.slice(url.lastIndexOf('/src/') + 1));
      return next(url, context);
    },
  });
  import(${JSON.stringify(path.join(ROOT, module))}).then(() => {
    if (process.moduleLoadList.some((name) => name.endsWith('undici/undici'))) loaded.add('undici');
    console.log(JSON.stringify([...loaded]));
  });`;

function loadedBy(module: string, argv: readonly string[] = []): readonly string[] {
  const options = { encoding: 'utf8', cwd: ROOT } as const;
  const said = execFileSync(process.execPath, ['-e', listing(module), 'evenkeel', ...argv], options);
  return JSON.parse(said.trim().split('\n').at(-1) ?? '');
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

test('one command does not load the others', async () => {
  const loaded = loadedBy('bin/evenkeel.js', ['version']);

  assert.deepEqual(
    loaded.filter((file) => file.startsWith('src/faces/cli/commands/')),
    ['src/faces/cli/commands/index.ts', 'src/faces/cli/commands/version.ts'],
  );
});

test('a server carries no engine of backups, no key and no restore', () => {
  const loaded = loadedBy('src/app/serve.ts');

  const OF_WORK =
    /^src\/backups\/(?:runs\/work-|(?:take|open|restore|verify)-backup|format\/packing|sqlite\/|postgres\/(?!programs))/;
  assert.deepEqual(
    loaded.filter((file) => OF_WORK.test(file)),
    [],
  );
});
