import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aBackupRunView, aBackupSourceView, aBackupView } from '../../../../test/support/api-answers.ts';
import { runFakeCli } from '../../../../test/support/fake-cli.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { defineErrors } from '../../../kernel/errors.ts';
import type { ApiAnswers, BackupRunView } from '../../http/contract.ts';

const WAITING = aBackupRunView({
  state: 'waiting',
  backup: null,
  startedAt: null,
  endedAt: null,
  findings: [],
  bytes: 0,
});
const RUNNING = {
  ...WAITING,
  state: 'running',
  phase: 'reading',
  bytes: 41_200_000,
  startedAt: '2026-11-20T11:59:01.000Z',
} as const;
const ASKED = { isDryRun: false, source: aBackupSourceView(), backup: null, run: WAITING };
const LIST = { 'GET /api/v1/backups': { backups: [aBackupView()] } };
const errors = defineErrors({
  AWAY: { kind: 'unavailable', message: 'Nobody answers.', hint: 'Wait.' },
  GONE: { kind: 'not_found', message: 'Nothing named x is backed up.', hint: 'Look.' },
});

function taking(...runs: readonly (BackupRunView | Error)[]) {
  return { 'POST /api/v1/backups': ASKED, 'GET /api/v1/backups/runs/:id': runs, ...LIST } as const;
}

test('run waits until the backup is there and tells what was stored and proven', async () => {
  const answers = taking(RUNNING, aBackupRunView());

  const run = await runFakeCli(['backup', 'run', 'db'], { answers, clock: hurriedClock() });

  assert.equal(
    run.out,
    `✓ Backup of db: bak_2, 41 MB (212 MB unpacked) in local, took 14s
  12 tables, 48,102 rows, all as they were.
  ! readable, not proven by a restore yet: evenkeel backup verify bak_2 --prove
`,
  );
  assert.equal(run.err, 'Run run_1; Ctrl-C stops the waiting, not the work.\n');
  assert.equal(run.code, 0);
});

test('run says that a backup was proven, when it was', async () => {
  const proven = aBackupView({ level: 'restored', provenAt: '2026-11-20T11:59:30.000Z' });
  const answers = { ...taking(aBackupRunView()), 'GET /api/v1/backups': { backups: [proven] } };

  const run = await runFakeCli(['backup', 'run', 'db'], { answers, clock: hurriedClock() });

  assert.match(run.out, /^ {2}✓ proven by a restore$/m);
});

test('run that failed ends with the error of the work and its exit code', async () => {
  const error = { kind: 'conflict', code: 'BACKUP_X', message: 'pg_dump ended with 1.', hint: 'Look at it.' } as const;
  const answers = taking(RUNNING, aBackupRunView({ state: 'failed', error }));

  const run = await runFakeCli(['backup', 'run', 'db'], { answers, clock: hurriedClock() });

  assert.deepEqual([run.code, run.out], [5, '']);
  assert.match(run.err, /Error: pg_dump ended with 1\. \(BACKUP_X\)\nNext: {2}Look at it\.\n$/);
});

test('run --json of work that failed prints the run, and still does not exit with 0', async () => {
  const error = { kind: 'unavailable', code: 'BACKUP_X', message: 'No space.', hint: 'Free some.' } as const;
  const failed = aBackupRunView({ state: 'failed', error });

  const run = await runFakeCli(['backup', 'run', 'db', '--json'], { answers: taking(failed), clock: hurriedClock() });

  assert.equal(run.code, 6);
  assert.deepEqual(JSON.parse(run.out), { ...ASKED, run: failed });
});

test('run --no-wait asks and comes back at once', async () => {
  const run = await runFakeCli(['backup', 'run', 'db', '--no-wait'], { answers: { 'POST /api/v1/backups': ASKED } });

  assert.equal(run.out, 'Asked for: run run_1. `evenkeel backup list db` shows it once it is there.\n');
  assert.deepEqual(run.calls, [['POST /api/v1/backups', { service: 'db' }]]);
});

test('run --dry-run takes none and says how old the newest is', async () => {
  const answers = { 'POST /api/v1/backups': { ...ASKED, isDryRun: true, run: null } };

  const run = await runFakeCli(['backup', 'run', 'db', '--dry-run'], { answers });

  assert.deepEqual(run.calls, [['POST /api/v1/backups', { service: 'db', dryRun: true }]]);
  assert.equal(run.out, 'Would take a backup of db (postgres): the newest is from 10h ago, the next is due in 14h.\n');
});

test('run tells every 30 s that it still works, where no line can be rewritten', async () => {
  const answers = taking(...Array.from({ length: 64 }, () => RUNNING), aBackupRunView());

  const run = await runFakeCli(['backup', 'run', 'db'], { answers, clock: hurriedClock() });

  const lines = run.err.split('\n').filter((line) => line.startsWith('Backing up db: reading, 41 MB'));
  assert.equal(lines.length, 2);
  assert.ok(!run.err.includes('\r') && !run.err.includes('\u001b'));
});

test('run on a terminal keeps to one live line and takes it away at the end', async () => {
  const answers = taking(RUNNING, RUNNING, aBackupRunView());

  const run = await runFakeCli(['backup', 'run', 'db'], { answers, clock: hurriedClock(), columns: 40 });

  const shown = run.err.split('\r').slice(1);
  assert.equal(shown.length, 4);
  assert.match(shown[1] ?? '', /^Backing up db: reading, 41 MB/);
  assert.ok(shown.every((each) => !each.includes('\n') && each.replace('\u001b[K', '').length < 40));
  assert.equal(shown.at(-1), '\u001b[K');
});

for (const wishes of [{ noColour: '1' }, { term: 'dumb' }, { accessible: '1' }]) {
  test(`run moves no cursor with ${JSON.stringify(wishes)}`, async () => {
    const answers = taking(RUNNING, aBackupRunView());

    const run = await runFakeCli(['backup', 'run', 'db'], { answers, clock: hurriedClock(), columns: 80, wishes });

    assert.ok(['\r', '\u001b'].every((each) => !`${run.err}${run.out}`.includes(each)));
  });
}

test('run goes on waiting while the server is away for a moment, and no longer', async () => {
  const away = errors.AWAY({});
  const moment = Array.from({ length: 40 }, () => away);
  const short = await runFakeCli(['backup', 'run', 'db'], {
    answers: taking(RUNNING, ...moment, RUNNING, ...moment, aBackupRunView()),
    clock: hurriedClock(),
  });
  const long = await runFakeCli(['backup', 'run', 'db'], {
    answers: taking(RUNNING, ...Array.from({ length: 70 }, () => away)),
    clock: hurriedClock(),
  });

  assert.equal(short.code, 0, short.err);
  assert.equal(long.code, 6);
  assert.match(long.err, /Nobody answers/);
});

test('run gives up at once when the run is unknown', async () => {
  const run = await runFakeCli(['backup', 'run', 'db'], { answers: taking(errors.GONE({})), clock: hurriedClock() });

  assert.equal(run.code, 4);
});

test('run says who is missing while nobody takes the work up', async () => {
  const answers = taking(...Array.from({ length: 32 }, () => WAITING), aBackupRunView());

  const run = await runFakeCli(['backup', 'run', 'db'], { answers, clock: hurriedClock() });

  assert.match(run.err, /Backing up db: waits for a process that runs jobs/);
});

test('list says of each backup what it is worth', async () => {
  const proven = aBackupView({
    id: 'bak_1',
    level: 'restored',
    provenAt: '2026-11-19T12:00:00.000Z',
    vaults: ['a', 'b'],
  });
  const answers = { 'GET /api/v1/backups': { backups: [aBackupView(), proven, aBackupView({ level: 'stored' })] } };

  const run = await runFakeCli(['backup', 'list', 'db', '--limit', '3'], { answers });

  assert.equal(
    run.out,
    `BACKUP  SERVICE  TAKEN                     AGO   SIZE  LEVEL       PROVEN  IN
bak_2   db       2026-11-20 02:00:00Z  10h ago  41 MB  ! readable  never   local
bak_1   db       2026-11-20 02:00:00Z  10h ago  41 MB  ✓ proven    1d ago  a, b
bak_2   db       2026-11-20 02:00:00Z  10h ago  41 MB  ! stored    never   local
`,
  );
  assert.deepEqual(run.calls, [['GET /api/v1/backups', { service: 'db', limit: 3 }]]);
});

for (const { argv, words } of [
  { argv: ['backup', 'list'], words: /no backup yet.*`evenkeel status`/ },
  { argv: ['backup', 'list', 'db'], words: /no backup of db\. `evenkeel backup run db`/ },
]) {
  test(`${argv.join(' ')} says what to do when there is none`, async () => {
    const run = await runFakeCli(argv, { answers: { 'GET /api/v1/backups': { backups: [] } } });

    assert.deepEqual([run.code, run.out], [0, '']);
    assert.match(run.err, words);
  });
}

function asking(route: 'verify' | 'restore', run: BackupRunView | null = WAITING) {
  const asked = { isDryRun: run === null, source: aBackupSourceView(), backup: aBackupView(), run };
  return {
    [`POST /api/v1/backups/:id/${route}`]: asked,
    'GET /api/v1/backups/runs/:id': [aBackupRunView()],
    ...LIST,
  } as { readonly [Route in keyof ApiAnswers]?: ApiAnswers[Route] | BackupRunView[] } as typeof LIST;
}

for (const typed of ['latest:db', 'db']) {
  test(`verify ${typed} means the newest backup of db`, async () => {
    const run = await runFakeCli(['backup', 'verify', typed], { answers: asking('verify'), clock: hurriedClock() });

    assert.deepEqual(run.calls.slice(0, 2), [
      ['GET /api/v1/backups', { service: 'db', limit: 1 }],
      ['POST /api/v1/backups/:id/verify', { id: 'bak_2' }],
    ]);
    assert.equal(run.out, '✓ bak_2 of db: verified, took 14s\n  12 tables, 48,102 rows, all as they were.\n');
  });
}

test('verify of a service without a backup names the command that takes one', async () => {
  const run = await runFakeCli(['backup', 'verify', 'latest:db'], {
    answers: { 'GET /api/v1/backups': { backups: [] } },
  });

  assert.equal(run.code, 4);
  assert.match(run.err, /no backup of db\. \(CLI_BACKUP_NONE\)[^]*evenkeel backup run db/);
});

test('verify --prove says that it was proven by a restore', async () => {
  const run = await runFakeCli(['backup', 'verify', 'bak_2', '--prove'], {
    answers: asking('verify'),
    clock: hurriedClock(),
  });

  assert.deepEqual(run.calls[0], ['POST /api/v1/backups/:id/verify', { id: 'bak_2', prove: true }]);
  assert.match(run.out, /^✓ bak_2 of db: proven by a restore, took 14s$/m);
});

test('verify --dry-run only says what it would do', async () => {
  const run = await runFakeCli(['backup', 'verify', 'bak_2', '--prove', '--dry-run'], {
    answers: asking('verify', null),
  });

  assert.deepEqual(run.calls, [['POST /api/v1/backups/:id/verify', { id: 'bak_2', prove: true, dryRun: true }]]);
  assert.equal(run.out, 'Would restore bak_2 of db into a scratch database, to prove it.\n');
});

test('restore makes a new database beside the source', async () => {
  const run = await runFakeCli(['backup', 'restore', 'bak_2', '--to', 'shop_yesterday'], {
    answers: asking('restore'),
    clock: hurriedClock(),
  });

  assert.deepEqual(run.calls[0], ['POST /api/v1/backups/:id/restore', { id: 'bak_2', name: 'shop_yesterday' }]);
  assert.match(run.out, /^✓ bak_2 of db: restored into shop_yesterday, took 14s$/m);
});

test('restore --dry-run restores nothing', async () => {
  const run = await runFakeCli(['backup', 'restore', 'bak_2', '--to', 'shop_old', '--dry-run', '--json'], {
    answers: asking('restore', null),
  });

  assert.deepEqual(run.calls, [['POST /api/v1/backups/:id/restore', { id: 'bak_2', name: 'shop_old', dryRun: true }]]);
  assert.equal(JSON.parse(run.out).isDryRun, true);
});

test('restore with a password on the command line asks nobody anything', async () => {
  for (const more of [[], ['--vault', '/mnt/vault']]) {
    const run = await runFakeCli(['backup', 'restore', 'db', '--to', 'postgres://a:hunter2@db/shop', ...more]);

    assert.deepEqual([run.code, run.calls, run.used], [2, [], []]);
    assert.match(run.err, /CLI_PASSWORD_TYPED[^]*PGPASSFILE/);
    assert.doesNotMatch(run.err, /hunter2/);
  }
});

/** Sleeping takes no time, and moves the clock. */
function hurriedClock(): Clock {
  let now = Date.parse('2026-11-20T12:00:00Z');
  return {
    now: () => now,
    ticks: () => now,
    after: () => () => undefined,
    timeout: () => new AbortController().signal,
    async sleep(ms) {
      now += ms;
    },
  };
}
