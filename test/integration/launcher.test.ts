import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Makes the running Node call itself an old one; what it starts is itself again. */
const OLD_NODE = `--import=data:text/javascript,${encodeURIComponent(
  'Object.defineProperty(process.versions, "node", { value: "20.1.0" })',
)}`;

test('under an old Node the program runs on the one it brings', (t) => {
  const folder = installed(t, 'process.stdout.write(`${process.versions.node} ${process.argv.slice(2)}`)');

  const run = spawnSync(process.execPath, [OLD_NODE, launcherIn(folder), 'status', '--json'], { encoding: 'utf8' });

  assert.match(run.stdout, /^26\.\d+\.\d+ status,--json$/);
  assert.equal(run.status, 0, run.stderr);
});

test('an old Node and nothing better at hand is one clear message', (t) => {
  const folder = installed(t, '', { bringsNode: false });

  const run = spawnSync(process.execPath, [OLD_NODE, launcherIn(folder)], { encoding: 'utf8' });

  assert.equal(run.status, 1);
  assert.match(run.stderr, /needs Node 26 or newer; this is Node 20\.1\.0\.\n.*npm ci/);
  assert.doesNotMatch(run.stderr, /^\s+at /m);
});

for (const nodeOptions of [[], [OLD_NODE]]) {
  const which = nodeOptions.length === 0 ? 'directly' : 'through the Node it brings';
  test(`the exit code comes ${which}`, (t) => {
    const folder = installed(t, 'process.exitCode = 4');

    assert.equal(spawnSync(process.execPath, [...nodeOptions, launcherIn(folder)]).status, 4);
  });
}

test('SIGTERM reaches the program, which ends in its own time', async (t) => {
  const folder = installed(
    t,
    "setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(9)); console.log('ready')",
  );
  const child = spawn(process.execPath, [OLD_NODE, launcherIn(folder)], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.on('exit', resolve);
  child.stdout.once('data', () => child.kill('SIGTERM'));

  assert.equal(await promise, 9);
});

test('a program killed by a signal is reported as killed by it', async (t) => {
  const folder = installed(t, "process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)");

  assert.equal(spawnSync(process.execPath, [OLD_NODE, launcherIn(folder)]).signal, 'SIGTERM');
});

test('a program that breaks while it loads shows a sentence, not a stack', (t) => {
  const folder = installed(t, "throw new Error('no such module')");

  const run = spawnSync(process.execPath, [launcherIn(folder)], { encoding: 'utf8' });

  assert.equal(run.status, 70);
  assert.match(run.stderr, /^Evenkeel could not start: no such module\n/);
  assert.doesNotMatch(run.stderr, /^\s+at /m);
});

test('an installation without its program files says so', (t) => {
  const folder = installed(t, '');
  rmSync(path.join(folder, 'dist'), { recursive: true });

  const run = spawnSync(process.execPath, [launcherIn(folder)], { encoding: 'utf8' });

  assert.equal(run.status, 6);
  assert.match(run.stderr, /npm install/);
});

/** An installation as npm makes one, with this program in the place of ours. */
function installed(t: TestContext, program: string, { bringsNode = true } = {}): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-launcher-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(path.join(folder, 'dist/src/app'), { recursive: true });
  cpSync(path.join(ROOT, 'bin'), path.join(folder, 'bin'), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(path.join(folder, 'dist/src/app/main.js'), program);
  if (bringsNode) symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
  return folder;
}

function launcherIn(folder: string): string {
  return path.join(folder, 'bin/evenkeel.js');
}
