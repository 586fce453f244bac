import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeCliOptions, runFakeCli } from '../../../../test/support/fake-cli.ts';
import { defineErrors } from '../../../kernel/errors.ts';
import { systemClock } from '../../../platform/system-clock.ts';
import type { ManifestReloadView } from '../../http/contract.ts';
import type { ImportedItem, ImportReport, PastOfMonitor } from '../offline-import.ts';

const WEB: ImportedItem = {
  what: 'monitor',
  title: 'Web',
  from: 'table monitor, row 1',
  place: 'monitors.web',
  outcome: 'created',
  reason: null,
  notes: ['Kuma followed 3 redirects at most; here it is always 10.'],
};
const SQL: ImportedItem = {
  ...WEB,
  title: 'SQL',
  place: null,
  outcome: 'cannot',
  reason: 'Nothing is like it.',
  notes: [],
};
const REPORT: ImportReport = {
  title: 'Uptime Kuma',
  file: 'evenkeel.d/imported-kuma.yaml',
  isWritten: true,
  items: [WEB, SQL],
  variables: [
    { name: 'KUMA_WEB_PASSWORD', state: 'added' },
    { name: 'KUMA_DB_PASSWORD', state: 'there' },
    { name: 'KUMA_MQ_PASSWORD', state: 'differs' },
  ],
  notes: ['Not carried over at all: 2 users.'],
  problems: [],
  hasPast: true,
};
const HOUR = Date.parse('2026-11-20T08:00:00Z');
const SPAN = {
  at: HOUR,
  length: 'hour',
  up: 59,
  down: 1,
  latency: null,
  outages: [{ from: HOUR, to: HOUR + 1 }],
} as const;

const errors = defineErrors({
  GONE: { kind: 'unavailable', message: 'No Evenkeel server answers.', hint: 'Start one.' },
  OFTEN: { kind: 'too_many', message: 'Too often.', hint: 'Wait.' },
  NONE: { kind: 'not_found', message: 'There is no monitor old.', hint: 'Look.' },
});
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nothing of it is read
const RELOADED = {} as ManifestReloadView;

function imports(report: Partial<ImportReport> = {}, pasts: readonly PastOfMonitor[] = []): FakeCliOptions {
  return {
    offline: {
      importFrom: async ({ isDryRun }) => ({ ...REPORT, isWritten: !isDryRun, ...report }),
      async *importedPast() {
        yield* pasts;
      },
    },
  };
}

test('tells what becomes of everything, where it stood and why, and no secret', async () => {
  const run = await runFakeCli(['import', 'kuma', 'kuma.db'], imports());

  assert.equal(run.code, 0);
  assert.match(
    run.out,
    /\+ new {6}monitor Web → monitors\.web {2}table monitor, row 1\n {11}Kuma followed 3 redirects/,
  );
  assert.match(run.out, /✗ cannot {3}monitor SQL {2}table monitor, row 1\n {11}Nothing is like it\./);
  assert.match(run.out, /\$\{KUMA_WEB_PASSWORD\} goes to \.env/);
  assert.match(run.out, /\$\{KUMA_MQ_PASSWORD\} is in \.env with another value/);
  assert.doesNotMatch(run.out, /KUMA_DB_PASSWORD/);
  assert.match(run.out, /note: Not carried over at all: 2 users\./);
  assert.match(run.out, /1 new, 1 cannot be carried over\. Wrote evenkeel\.d\/imported-kuma\.yaml\.\n$/);
  assert.match(run.err, /evenkeel check[^]*evenkeel import kuma kuma\.db --history/);
});

test('--dry-run says what it would write', async () => {
  const run = await runFakeCli(['import', 'kuma', 'kuma.db', '--dry-run'], imports());

  assert.match(run.out, /Would write evenkeel\.d\/imported-kuma\.yaml\./);
});

test('when everything is there already, nothing is written', async () => {
  const run = await runFakeCli(['import', 'kuma', 'kuma.db'], imports({ items: [{ ...WEB, outcome: 'there' }] }));

  assert.match(run.out, /1 there already\. There is nothing to write\./);
  assert.doesNotMatch(run.out, /monitors\.web/);
});

test('a manifest that would have mistakes is told of, and ends with 2', async () => {
  const problem = { file: 'evenkeel.yaml', line: 2, column: 1, message: 'monitor: this key is not known.' };
  const run = await runFakeCli(['import', 'kuma', 'kuma.db'], imports({ isWritten: false, problems: [problem] }));

  assert.equal(run.code, 2);
  assert.match(run.out, /evenkeel\.yaml:2:1[^]*this key is not known[^]*Nothing was written/);
});

test('--json has all of it', async () => {
  const run = await runFakeCli(['import', 'kuma', 'kuma.db', '--json'], imports());

  const { items, isDryRun, past } = JSON.parse(run.out);
  assert.deepEqual([items, isDryRun, past], [[WEB, SQL], false, null]);
});

test('what was typed reaches the source', async () => {
  const run = await runFakeCli(['import', 'kuma', 'kuma.db', '--overwrite', '--dry-run']);

  assert.deepEqual(run.used, [['importFrom', { source: 'kuma', where: 'kuma.db', overwrites: true, isDryRun: true }]]);
});

test('--history hands the past over in portions, and names monitors the server does not know', async () => {
  const many = Array.from({ length: 700 }, (_, index) => ({ ...SPAN, at: HOUR + index }));
  const options = imports({}, [
    { monitor: 'web', spans: many },
    { monitor: 'old', spans: [SPAN] },
  ]);
  const run = await runFakeCli(['import', 'kuma', 'kuma.db', '--history', '--json'], {
    ...options,
    answers: {
      'POST /api/v1/manifest/reload': RELOADED,
      'POST /api/v1/monitors/:name/past': [
        { monitor: 'web', added: 500, known: 0 },
        { monitor: 'web', added: 150, known: 50 },
        errors.NONE({}),
      ],
    },
  });

  assert.deepEqual(JSON.parse(run.out).past, { monitors: 1, added: 650, known: 50, unknown: ['old'] });
  const [, , input] = run.calls.map(([, each]) => each);
  assert.deepEqual(
    run.calls.map(([route]) => route.split(' ')[1]),
    ['/api/v1/manifest/reload', ...Array.from({ length: 3 }, () => '/api/v1/monitors/:name/past')],
  );
  assert.equal(JSON.parse(JSON.stringify(input)).origin, 'Uptime Kuma');
  assert.match(run.err, /The past of 1 monitor in Uptime Kuma: 650 hours and days added; 50 were known already\./);
  assert.match(run.err, /The server does not watch old\./);
});

test('--history waits when it has asked too often', async () => {
  const run = await runFakeCli(['import', 'kuma', 'kuma.db', '--history', '--json'], {
    ...imports({}, [{ monitor: 'web', spans: [SPAN] }]),
    clock: { ...systemClock, sleep: async () => undefined },
    answers: {
      'POST /api/v1/manifest/reload': RELOADED,
      'POST /api/v1/monitors/:name/past': [errors.OFTEN({}), { monitor: 'web', added: 1, known: 0 }],
    },
  });

  assert.equal(JSON.parse(run.out).past.added, 1);
});

test('without a server the past is not lost: it says what to type later', async () => {
  const run = await runFakeCli(['import', 'kuma', 'data/kuma.db', '--history'], {
    ...imports(),
    answers: { 'POST /api/v1/manifest/reload': errors.GONE({}) },
  });

  assert.equal(run.code, 0);
  assert.match(run.err, /The past was not carried over: No Evenkeel server answers\./);
  assert.match(run.err, /Once the server runs: evenkeel import kuma data\/kuma\.db --history/);
});
