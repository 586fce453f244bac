import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runFakeCli } from '../../../test/support/fake-cli.ts';
import { errors } from './errors.ts';

const MISTAKES = [
  { argv: ['monitr', 'list'], says: /Unknown command 'monitr'/, next: /Did you mean monitor\?/ },
  { argv: ['monitor', 'lst'], says: /Unknown command 'lst'/, next: /Did you mean list\?/ },
  { argv: ['monitor', 'list', '--jsno'], says: /Unknown option '--jsno'/, next: /Did you mean --json\?/ },
  { argv: ['monitor', 'show'], says: /Missing required argument 'monitor'/, next: /evenkeel monitor show --help/ },
  { argv: ['monitor', 'show', 'a', 'b'], says: /Too many arguments/, next: /evenkeel monitor show --help/ },
  { argv: ['monitor', 'list', '--state', 'dwon'], says: /Expected one of up, degraded, down/, next: /--help/ },
  { argv: ['monitor', 'history', 'a', '--limit', '0'], says: /from 1 to 1000/, next: /--help/ },
  { argv: ['monitor', 'history', 'a', '--since', 'monday'], says: /a duration such as/, next: /--help/ },
  { argv: ['token', 'create'], says: /'--name <name>' not specified/, next: /evenkeel token create --help/ },
  { argv: ['completion', 'powershell'], says: /Expected one of bash, zsh, fish/, next: /--help/ },
  { argv: ['serve', '--roles', 'web,chekcs'], says: /Expected one of web, checks, jobs/, next: /--help/ },
  { argv: ['--verbose'], says: /Unknown option '--verbose'/, next: /evenkeel --help/ },
];

for (const { argv, says, next } of MISTAKES) {
  test(`\`evenkeel ${argv.join(' ')}\` is a usage error, told without asking anybody`, async () => {
    const run = await runFakeCli(argv);

    assert.equal(run.code, 2);
    assert.match(run.err, says);
    assert.match(run.err, next);
    assert.deepEqual([run.out, run.calls, run.used], ['', [], []]);
  });
}

for (const argv of [['--help'], ['-h'], ['help']]) {
  test(`\`evenkeel ${argv.join(' ')}\` lists every chapter on standard output`, async () => {
    const run = await runFakeCli(argv);

    assert.deepEqual([run.code, run.err], [0, '']);
    assert.match(run.out, /BEGIN[^]*demo[^]*WATCH[^]*monitor list[^]*ACCESS[^]*token create/);
  });
}

for (const argv of [
  ['monitor', 'show', '--help'],
  ['help', 'monitor', 'show'],
  ['monitor', 'show', '-h'],
]) {
  test(`\`evenkeel ${argv.join(' ')}\` explains the command, with examples`, async () => {
    const run = await runFakeCli(argv);

    assert.equal(run.code, 0);
    assert.match(run.out, /USAGE\n {2}evenkeel monitor show <monitor>[^]*OPTIONS[^]*EXIT STATUS[^]*EXAMPLES/);
  });
}

test('a noun without a verb shows its verbs, as the mistake it is', async () => {
  const run = await runFakeCli(['token']);

  assert.deepEqual([run.code, run.out], [2, '']);
  assert.match(run.err, /token create[^]*token list[^]*token revoke/);
});

test('--version prints one line', async () => {
  const run = await runFakeCli(['--version']);

  assert.deepEqual([run.code, run.out, run.err], [0, 'evenkeel 0.1.0\n', '']);
});

test('options of every command may stand before and after it', async () => {
  const before = await runFakeCli(['--insecure', '--no-color', 'version'], { columns: 80 });
  const after = await runFakeCli(['version', '--insecure'], { columns: 80 });

  assert.deepEqual([before.code, before.isInsecureAllowed, after.isInsecureAllowed], [0, true, true]);
});

test('--no-color leaves no escape byte on a terminal', async () => {
  const run = await runFakeCli(['health', '--no-color'], { columns: 80 });

  assert.doesNotMatch(run.out, /[\p{Cc}--\n]/v);
});

test('a refusal is told as what, why and what next, and decides the exit code', async () => {
  const answers = {
    'GET /api/v1/monitors': errors.CLI_NOT_SIGNED_IN({ where: 'https://status.example', reason: 'Expired.' }),
  };

  const run = await runFakeCli(['monitor', 'list'], { answers });

  assert.equal(run.code, 3);
  assert.match(
    run.err,
    /^Error: The server at https:\/\/status.example .*\(CLI_NOT_SIGNED_IN\)\nNext: {2}Make a token .*\n$/,
  );
});

test('a mistake of ours shows no stack, and how to get one', async () => {
  const run = await runFakeCli(['monitor', 'list'], {
    answers: { 'GET /api/v1/monitors': new TypeError('secret detail') },
  });

  assert.equal(run.code, 70);
  assert.match(run.err, /EVENKEEL_LOG_LEVEL=debug/);
  assert.doesNotMatch(run.err, /secret detail|\.ts:/);
});

test('a mistake of ours shows its stack to somebody who looks for it', async () => {
  const answers = { 'GET /api/v1/monitors': new TypeError('the detail') };

  const run = await runFakeCli(['monitor', 'list'], { answers, showsStacks: true });

  assert.match(run.err, /TypeError: the detail\n\s+at /);
});

test('alone and without a server, it names the three commands to begin with', async () => {
  const answers = { 'GET /api/v1/status': errors.CLI_SERVER_UNREACHABLE({ where: '/s', cause: 'ENOENT' }) };

  const run = await runFakeCli([], { answers });

  assert.equal(run.code, 0);
  assert.match(run.out, /evenkeel demo[^]*evenkeel init[^]*evenkeel serve/);
});
