import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import type { Command, RunningProgram } from '../../src/kernel/exec.ts';
import { createExec } from '../../src/platform/exec/exec.ts';
import { accountOf } from '../../src/platform/exec/program-user.ts';
import { eventually } from '../support/eventually.ts';
import { isRoot, rootTest } from '../support/root.ts';

const SHELL = '/bin/sh';

test('a program gets what is written to it, and its output, end and last words come back', async () => {
  const program = shell('read word; echo "out $word"; echo "err $word" >&2; exit 3');
  program.stdin.end('hello\n');

  assert.equal(await text(program.stdout), 'out hello\n');
  assert.deepEqual(await program.ended, { code: 3, signal: null, stderr: 'err hello\n' });
});

test('a program is told nothing of our environment but the PATH, and its arguments are no shell text', async () => {
  process.env['PLANTED_SECRET'] = 'planted';
  const environment = await output({ program: '/usr/bin/env', args: [], env: { GIVEN: 'yes' } });
  const echoed = await output({ program: '/bin/echo', args: ['$HOME', '; id'] });

  assert.deepEqual(environment.trim().split('\n').toSorted(), ['GIVEN=yes', 'LC_ALL=C', `PATH=${process.env['PATH']}`]);
  assert.equal(echoed, '$HOME ; id\n');
});

test('of what a program complains about, the last 8 kB are kept', async () => {
  const program = shell('i=0; while [ $i -lt 3000 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 1');
  program.stdout.resume();

  const { stderr } = await program.ended;
  assert.equal(stderr.length, 8_192);
  assert.ok(stderr.endsWith('line 2999\n'));
});

test('a program that cannot be started says why, and needs no special care', async () => {
  for (const program of ['/nowhere/pg_dump', '/etc/passwd']) {
    const running = start({ program, args: [] });
    running.stdout.resume();
    running.stdin.write('lost');

    const { code, signal, stderr } = await running.ended;
    assert.deepEqual({ code, signal }, { code: null, signal: null });
    assert.match(stderr, /No such file|Permission denied|ENOENT|EACCES/);
  }
});

test('an aborted signal ends a program, at once also when it was aborted before', async () => {
  const controller = new AbortController();
  const first = start({ program: '/bin/sleep', args: ['300'], signal: controller.signal });
  controller.abort();
  const second = start({ program: '/bin/sleep', args: ['300'], signal: controller.signal });

  assert.equal((await first.ended).signal, 'SIGTERM');
  assert.equal((await second.ended).signal, 'SIGTERM');
});

test('a program is asked to end by the signal it wants, and one that ignores it is killed with its children', async () => {
  const polite = start({
    program: SHELL,
    args: ['-c', 'trap "exit 7" QUIT; echo ready; while :; do sleep 0.05; done'],
    stopSignal: 'SIGQUIT',
  });
  await once(polite.stdout, 'data');
  assert.equal((await polite.stop()).code, 7);

  const stubborn = shell('trap "" TERM; sleep 301 & echo $!; wait; wait');
  const [line] = await once(stubborn.stdout, 'data');
  const end = await stubborn.stop();

  assert.equal(end.signal, 'SIGKILL');
  await eventually(() => assert.ok(!isRunning(Number(line))));
});

test('output that nobody reads does not keep a program from being stopped', async () => {
  const program = start({ program: '/usr/bin/yes', args: [] });
  await once(program.stdout, 'readable');

  assert.equal((await program.stop()).code, null);
  assert.equal((await program.stop()).code, null);
});

test('a reader that gives up ends the program, even one that writes nothing for now', async () => {
  const program = shell('echo first; exec sleep 300');
  await once(program.stdout, 'data');
  program.stdout.destroy();

  assert.equal((await program.ended).signal, 'SIGTERM');
});

test('a program that wants no more input is no error', async () => {
  const program = shell('head -c 10 > /dev/null');
  program.stdout.resume();
  for (let written = 0; written < 20; written += 1) program.stdin.write(Buffer.alloc(100_000));

  assert.equal((await program.ended).code, 0);
});

test('100 MB pass through a program unharmed', async () => {
  const program = start({ program: '/bin/cat', args: [] });
  const chunk = Buffer.alloc(1_000_000, 'evenkeel');
  const [received] = await Promise.all([
    buffer(program.stdout),
    pipeline(
      Array.from({ length: 100 }, () => chunk),
      program.stdin,
    ),
  ]);

  assert.equal(received.length, 100_000_000);
  assert.ok(received.subarray(-1_000_000).equals(chunk));
});

test('the newest version in matching folders is found before what is on the PATH', async (t) => {
  const folder = await temporaryFolder(t);
  for (const version of ['9.6', '15', '16']) await plant(path.join(folder, version, 'bin'), version !== '16');
  await plant(path.join(folder, 'path'));
  const { find } = createExec({ path: path.join(folder, 'path') });

  assert.equal(await find('pg_dump', [`${folder}/*/bin`]), path.join(folder, '15', 'bin', 'pg_dump'));
  assert.equal(await find('pg_dump'), path.join(folder, 'path', 'pg_dump'));
  assert.equal(await find('pg_restore', [`${folder}/*/bin`]), undefined);
});

rootTest('nobody is another user, in no group of ours, who cannot enter our folder', async () => {
  const exec = createExec();
  await using ours = await exec.folder('us');
  await using theirs = await exec.folder('nobody');
  const { uid, gid } = accountOf('nobody') ?? {};

  assert.equal(await output({ program: '/usr/bin/id', args: ['-u'], user: 'nobody' }), `${uid}\n`);
  assert.equal(await output({ program: '/usr/bin/id', args: ['-G'], user: 'nobody' }), `${gid}\n`);
  assert.notEqual(uid, 0);
  const status = await output({ program: '/bin/cat', args: ['/proc/self/status'], user: 'nobody' });
  assert.match(status, /^NoNewPrivs:\t1$/m);

  const denied = start({ program: '/bin/ls', args: [ours.path], user: 'nobody' });
  denied.stdout.resume();
  assert.match((await denied.ended).stderr, /Permission denied/);
  await output({ program: '/usr/bin/touch', args: [path.join(theirs.path, 'file')], user: 'nobody' });
  assert.deepEqual(await readdir(theirs.path), ['file']);
});

rootTest('what nobody gets to write into cannot be exchanged for another folder while we use it', async (t) => {
  const scratch = await temporaryFolder(t);
  await chmod(scratch, 0o1777);
  await using folder = await createExec({ scratch }).folder('nobody');

  const moved = start({ program: '/bin/mv', args: [folder.path, `${scratch}/elsewhere`], user: 'nobody' });
  moved.stdout.resume();

  assert.match((await moved.ended).stderr, /Permission denied/);
  await folder[Symbol.asyncDispose]();
  assert.deepEqual(await readdir(scratch), []);
});

rootTest(
  'the account evenkeel-restore is taken when there is one, and somebody without rights in any case',
  async (t) => {
    const passwd = path.join(await temporaryFolder(t), 'passwd');
    await writeFile(passwd, 'nobody:x:99:98::/:/bin/false\n');
    assert.deepEqual(accountOf('nobody', passwd), { uid: 99, gid: 98 });
    await writeFile(passwd, 'nobody:x:99:98::/:/bin/false\nevenkeel-restore:x:501:502::/:/bin/false\n');
    assert.deepEqual(accountOf('nobody', passwd), { uid: 501, gid: 502 });
    assert.deepEqual(accountOf('nobody', `${passwd}-missing`), { uid: 65_534, gid: 65_534 });
    assert.equal(accountOf('us', passwd), undefined);
  },
);

test("a folder is its user's alone and goes with all that is in it", async () => {
  const folder = await createExec().folder('us');
  await mkdir(path.join(folder.path, 'below'));
  await writeFile(path.join(folder.path, 'below', 'file'), 'content');
  assert.equal((await stat(folder.path)).mode & 0o777, 0o700);

  await folder[Symbol.asyncDispose]();

  await assert.rejects(stat(folder.path), { code: 'ENOENT' });
});

test('a folder that cannot be made is a clear error', async () => {
  await assert.rejects(createExec({ scratch: '/proc/nowhere' }).folder('us'), { code: 'FILE_UNUSABLE' });
});

test('when we are killed, our programs end, and the next of us sweeps what was left', async (t) => {
  const scratch = await temporaryFolder(t);
  const exec = createExec({ scratch });
  const mine = await exec.folder('us');
  const victim = await startVictim(scratch);
  await symlink('/etc', path.join(scratch, 'evenkeel-scratch-999999999-1-link'));
  if (isRoot) await plantForeign(path.join(scratch, 'evenkeel-scratch-999999999-1-foreign'));
  assert.equal(await exec.sweep(), 1, 'only the link: both others are alive');

  process.kill(victim.pid, 'SIGKILL');
  await victim.ended;
  await eventually(() => assert.ok(!isRunning(victim.program)));

  assert.equal(await exec.sweep(), 1);
  const kept = isRoot ? [path.basename(mine.path), 'evenkeel-scratch-999999999-1-foreign'] : [path.basename(mine.path)];
  assert.deepEqual((await readdir(scratch)).toSorted(), kept.toSorted());
});

const VICTIM = `
  const { createExec } = await import(process.argv[1]);
  const exec = createExec({ scratch: process.argv[2] });
  await exec.folder('nobody');
  const program = exec.run({
    program: '/bin/sh', args: ['-c', 'echo $$; exec sleep 302'], user: 'nobody', signal: new AbortController().signal,
  });
  program.stdout.pipe(process.stdout);
`;

async function startVictim(scratch: string) {
  const source = path.resolve(import.meta.dirname, '../../src/platform/exec/exec.ts');
  const child = spawn(process.execPath, ['--input-type=module', '-e', VICTIM, source, scratch], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { pid: child.pid ?? 0, program: Number(line), ended: once(child, 'exit') };
}

async function plantForeign(folder: string): Promise<void> {
  await mkdir(folder);
  await chown(folder, 12_345, 12_345);
}

function start(command: Omit<Command, 'signal'> & Partial<Command>): RunningProgram {
  return createExec().run({ signal: new AbortController().signal, ...command });
}

function shell(script: string): RunningProgram {
  return start({ program: SHELL, args: ['-c', script] });
}

async function output(command: Omit<Command, 'signal'>): Promise<string> {
  const program = start(command);
  const said = await text(program.stdout);
  assert.equal((await program.ended).code, 0);
  return said;
}

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'evenkeel-exec-test-')));
  await chmod(folder, 0o755);
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function plant(folder: string, isExecutable = true): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'pg_dump'), '#!/bin/sh\n', { mode: isExecutable ? 0o755 : 0o644 });
}

/** Neither gone nor a zombie that waits for somebody to notice. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return stateOf(pid) !== 'Z';
  } catch {
    return false;
  }
}

function stateOf(pid: number): string {
  const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return status.slice(status.lastIndexOf(')') + 2, status.lastIndexOf(')') + 3);
}
