import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { aSource } from '../../test/support/readiness-facts.ts';
import type { BackupRun, BackupWork } from '../backups/index.ts';
import { EvenkeelError } from '../kernel/errors.ts';
import { takeAndProve } from './demo-backup.ts';

const PROVEN = aSource();
const WRONG = {
  kind: 'conflict',
  code: 'BACKUP_PROOF_FAILED',
  message: 'orders has 3 rows less.',
  hint: 'Look at it.',
} as const;

/** Each run ends when it is looked at a second time. */
async function outcomeOf(errorOf: (work: BackupWork) => BackupRun['error'] = () => null) {
  const clock = new FakeClock();
  const works: BackupWork[] = [];
  const looks = new Map<string, number>();
  const run = (work: BackupWork): BackupRun => {
    const isOver = (looks.get(work.kind) ?? 0) > 1;
    const error = isOver ? errorOf(work) : null;
    return {
      id: work.kind,
      kind: work.kind,
      service: 'db',
      backup: isOver ? 'bak_1' : null,
      state: isOver ? 'done' : 'running',
      phase: null,
      bytes: 0,
      queuedAt: 0,
      startedAt: 0,
      endedAt: isOver ? clock.now() : null,
      findings: [],
      error,
    };
  };
  const backups = {
    facts: { sources: () => Promise.resolve([PROVEN]) },
    request: (work: BackupWork) => (works.push(work), Promise.resolve(run(work))),
    run: (id: string) => {
      looks.set(id, (looks.get(id) ?? 0) + 1);
      const work = works.find(({ kind }) => kind === id);
      return work === undefined ? Promise.reject(new Error('unknown')) : Promise.resolve(run(work));
    },
  };
  const outcome = takeAndProve('db', { backups, clock, signal: new AbortController().signal });
  await clock.advance(5_000);
  return { works, outcome: await outcome };
}

test('a backup is taken, and that very backup is proven', async () => {
  const { works, outcome } = await outcomeOf();

  assert.deepEqual(works, [
    { kind: 'backup', service: 'db' },
    { kind: 'prove', backup: 'bak_1' },
  ]);
  assert.deepEqual(outcome, { outcome: 'proven', bytes: 41_200_000, proof: PROVEN.lastProof });
});

test('what could not be proven is not called proven, and says why', async () => {
  const { outcome } = await outcomeOf(({ kind }) => (kind === 'prove' ? WRONG : null));

  assert.deepEqual(outcome, { outcome: 'failed', message: WRONG.message, hint: WRONG.hint });
});

test('a backup that is refused at once is a result as well', async () => {
  const refusal = new EvenkeelError('BACKUP_SOURCE_UNKNOWN', { kind: 'not_found', message: 'No db.', hint: 'Add it.' });
  const backups = {
    facts: { sources: () => Promise.resolve([]) },
    request: () => Promise.reject(refusal),
    run: () => Promise.reject(refusal),
  };

  const outcome = await takeAndProve('db', { backups, clock: new FakeClock(), signal: new AbortController().signal });

  assert.deepEqual(outcome, { outcome: 'failed', message: 'No db.', hint: 'Add it.' });
});
