import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { blocksOf, commandsIn, ROOT, readDocument } from '../support/documents.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/servers/server.ts';

// The README and the guide, done as they say.

test('what the README tells a newcomer works, command by command', async (t) => {
  const person = await newcomer(t);
  writeFileSync(path.join(person.folder, 'package.json'), '{ "name": "blog", "dependencies": { "express": "5" } }');
  const commands = commandsIn(readDocument('README.md')).filter((command) => command.startsWith('evenkeel '));
  assert.ok(commands.length >= 4);

  for (const command of commands) {
    if (command === 'evenkeel serve') await person.serve();
    else await person.run(command);
  }

  assert.match(await textOf(`${person.address}/`), /<html lang="en"/);
});

test('a project has a health check, a page and a heartbeat by doing what the guide says, and no more [GOV-03/R]', async (t) => {
  const guide = readDocument('docs/guides/first-hour.md');
  const person = await newcomer(t);
  const [server = ''] = blocksOf(guide, 'js');
  const [application = '', page = '', heartbeat = ''] = blocksOf(guide, 'yaml');
  const save = (...parts: readonly string[]) => {
    // A guide counts in tens of seconds, and port 3000 may be taken.
    const text = parts.join('\n').replace('every: 10s', 'every: 1s').replace(':3000', `:${person.appPort}`);
    writeFileSync(path.join(person.folder, 'evenkeel.yaml'), text);
  };

  writeFileSync(path.join(person.folder, 'server.js'), server);
  const app = person.start(process.execPath, ['server.js'], { PORT: String(person.appPort) });
  await eventually(async () => assert.match(await textOf(`http://127.0.0.1:${person.appPort}/health`), /pass/));
  await person.run('evenkeel init');
  save(application);
  await person.run('evenkeel check');
  await person.serve();
  await eventually(async () => assert.match(await person.run('evenkeel status'), /web\s+✓ up/));

  save(application, page);
  await eventually(async () => assert.match(await textOf(`${person.address}/`), /Guestbook status[^]*Website/));

  app.kill();
  await eventually(async () => assert.match(await person.run('evenkeel status'), /web\s+✗ down/));

  save(application, page, heartbeat);
  await eventually(async () => assert.match(await person.run('evenkeel monitor show nightly'), /\/ping\//));
  const [ping = ''] = /\/ping\/\S+/.exec(await person.run('evenkeel monitor show nightly')) ?? [];
  assert.equal((await fetch(`${person.address}${ping}`)).status, 200);
  await eventually(async () => assert.match(await person.run('evenkeel monitor show nightly'), /up/));
});

interface Newcomer {
  readonly folder: string;
  readonly address: string;
  readonly appPort: number;
  /** Resolves with what it said on standard output; fails when it fails. */
  run(command: string): Promise<string>;
  start(program: string, argv: readonly string[], variables?: Readonly<Record<string, string>>): ChildProcess;
  serve(): Promise<void>;
}

/** Somebody with an empty project, a home of their own, and Evenkeel installed as the README says. */
async function newcomer(t: TestContext): Promise<Newcomer> {
  const home = mkdtempSync(path.join(tmpdir(), 'evenkeel-newcomer-'));
  const folder = path.join(home, 'project');
  mkdirSync(folder);
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const port = await freePort();
  const env = {
    PATH: [path.join(home, 'bin'), path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
    HOME: home,
    EVENKEEL_PORT: String(port),
    npm_config_prefix: home,
    npm_config_cache: path.join(home, 'npm'),
    npm_config_offline: 'true',
  };
  const start: Newcomer['start'] = (program, argv, variables = {}) => {
    const child = spawn(program, argv, { cwd: folder, env: { ...env, ...variables }, stdio: 'ignore' });
    t.after(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    });
    return child;
  };
  await promisify(execFile)('npm', ['install', '--global', '.'], { cwd: ROOT, env });
  const address = `http://127.0.0.1:${port}`;

  return {
    folder,
    address,
    appPort: await freePort(),
    start,
    async run(command) {
      const [program = '', ...argv] = command.split(' ');
      return (await promisify(execFile)(program, argv, { cwd: folder, env })).stdout;
    },
    async serve() {
      start('evenkeel', ['serve']);
      await eventually(async () => assert.equal((await fetch(`${address}/health`)).status, 200));
    },
  };
}

async function textOf(url: string): Promise<string> {
  return (await fetch(url, { headers: { 'Accept-Language': 'en' } })).text();
}
