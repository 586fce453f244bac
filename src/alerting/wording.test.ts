import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Notice } from '../contracts/outbound.ts';
import type { Failure } from './signal.ts';
import type { Fingerprint } from './signal-kinds.ts';
import { openedNotice, openedTitle, reasonFor, resolvedNotice, type Situation, worseNotice } from './wording.ts';

const BEGAN_AT = Date.parse('2026-11-21T03:04:05Z');

test('a message about an outage says what fails, why, since when and where to look', () => {
  assert.deepEqual(openedNotice(aSituation()), {
    app: 'shop',
    type: 'alert.opened',
    phase: 'opened',
    severity: 'critical',
    title: 'api is down',
    text: ['The connection was refused.'],
    facts: [
      { label: 'Since', value: '2026-11-21 03:04:05 UTC, confirmed 20 s later' },
      { label: 'Affected', value: 'api' },
      { label: 'Environment', value: 'live' },
      { label: 'Cause', value: 'api' },
    ],
    links: [{ label: 'Status page', url: 'https://status.shop.example/' }],
    at: BEGAN_AT,
    knownAt: BEGAN_AT + 20_000,
    data: {
      alert: 'alr_1',
      environment: 'live',
      state: 'open',
      severity: 'critical',
      cause: 'api',
      affected: ['api'],
      startedAt: '2026-11-21T03:04:05.000Z',
      confirmedAt: '2026-11-21T03:04:25.000Z',
      resolvedAt: null,
    },
  });
});

test('what got worse says so, and what else it affects', () => {
  const situation = aSituation({ affected: ['monitor:api', 'monitor:web', 'monitor:checkout'] });

  const notice = worseNotice(situation, aFailure({ startedAt: BEGAN_AT + 60_000 }));

  assert.deepEqual([notice.type, notice.phase, notice.title], ['alert.worse', 'opened', 'api is down']);
  assert.deepEqual(notice.text, [
    'It got worse: before, it was slow or partly failing.',
    'The connection was refused.',
    'It also affects: web, checkout.',
  ]);
  assert.equal(notice.facts[0]?.value, '2026-11-21 03:04:05 UTC, worse since 2026-11-21 03:05:05 UTC');
  assert.equal(notice.at, BEGAN_AT + 60_000);
});

test('the end says how long it took, and what was wrong', () => {
  const resolvedAt = BEGAN_AT + 370_000;
  const situation = aSituation({ affected: ['monitor:api', 'monitor:web'], resolvedAt });

  const { title, text, facts, phase, at, data } = resolvedNotice(situation, { knownAt: BEGAN_AT, gone: null });

  assert.equal(title, 'api is back after 6 min 10 s');
  assert.deepEqual(text, ['What was wrong: The connection was refused.', 'It also affected: web.']);
  assert.equal(facts[0]?.value, '2026-11-21 03:04:05 UTC until 2026-11-21 03:10:15 UTC (6 min 10 s)');
  assert.deepEqual([phase, at, data['state']], ['resolved', resolvedAt, 'resolved']);
});

test('what made it worse is named in the reason, and not once more among the others', () => {
  const situation = aSituation({ affected: ['monitor:api', 'monitor:web', 'monitor:shop'] });

  const { text } = worseNotice(situation, aFailure({ fingerprint: 'monitor:web' }));

  assert.equal(text.at(-1), 'It also affects: shop.');
});

test('what is no longer watched is not called well', () => {
  const { title, text } = resolvedNotice(aSituation({ resolvedAt: BEGAN_AT }), {
    knownAt: BEGAN_AT,
    gone: 'monitor:api',
  });

  assert.equal(title, 'api is no longer watched');
  assert.equal(text[0], 'It was taken out of the manifest while it was failing.');
});

test('an end before the beginning, after a change of the clock, took no time', () => {
  const { title, at } = resolvedNotice(aSituation({ resolvedAt: BEGAN_AT - 1 }), { knownAt: BEGAN_AT, gone: null });

  assert.equal(title, 'api is back after less than a second');
  assert.equal(at, BEGAN_AT);
});

test('a backup that failed says what to do next', () => {
  const situation = aSituation({ cause: 'backup of db', affected: ['backup:db'] });

  assert.equal(
    openedTitle('backup of db', aFailure({ severity: 'warning', fingerprint: 'backup:db' })),
    'The backup of db failed',
  );
  assert.equal(
    openedTitle('backup of db', aFailure({ severity: 'warning', fingerprint: 'proof:db' })),
    'The backup of db could not be restored',
  );
  assert.equal(openedNotice(situation).text.at(-1), 'Try it again with `evenkeel backup run db`.');
  assert.match(
    resolvedNotice({ ...situation }, { knownAt: BEGAN_AT, gone: null }).title,
    /^The backup of db works again after/,
  );
});

test('a failure that shows itself elsewhere first says where', () => {
  const failure = aFailure({ fingerprint: 'monitor:web' });

  assert.equal(reasonFor('web', failure), 'The connection was refused.');
  assert.equal(reasonFor('api', failure), 'It shows in web, which depends on it: The connection was refused.');
  assert.equal(reasonFor('web', { ...failure, reason: null }), 'Its check gave no reason.');
});

test('every notice is one that delivery takes', () => {
  for (const notice of [
    openedNotice(aSituation()),
    worseNotice(aSituation(), aFailure()),
    resolvedNotice(aSituation(), { knownAt: BEGAN_AT, gone: null }),
  ]) {
    assert.deepEqual(Notice.parse(notice), notice);
  }
});

function aSituation({
  cause = 'api',
  affected = ['monitor:api'],
  resolvedAt = null,
}: {
  readonly cause?: string;
  readonly affected?: readonly Fingerprint[];
  readonly resolvedAt?: number | null;
} = {}): Situation {
  const times = { openedAt: BEGAN_AT, confirmedAt: BEGAN_AT + 20_000, resolvedAt };
  const reason = 'The connection was refused.';
  const signal = { alertId: 'alr_1', severity: 'critical', reason, state: 'firing', startedAt: BEGAN_AT } as const;
  return {
    app: 'shop',
    alert: {
      id: 'alr_1',
      environment: 'live',
      cause,
      state: resolvedAt === null ? 'open' : 'resolved',
      severity: 'critical',
      title: `${cause} is down`,
      reason,
      runbook: null,
      tellings: 1,
      ...times,
    },
    signals: affected.map((fingerprint) => ({ ...signal, fingerprint })),
    statusPage: 'https://status.shop.example/',
  };
}

function aFailure(changes: Partial<Failure> = {}): Failure {
  const times = { startedAt: BEGAN_AT, confirmedAt: BEGAN_AT + 20_000 };
  const reason = 'The connection was refused.';
  return { fingerprint: 'monitor:api', cause: 'api', severity: 'critical', reason, ...times, ...changes };
}
