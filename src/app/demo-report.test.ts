import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aMonitor } from '../../test/support/public-facts.ts';
import { backupResult, firstResults, rehearsalLine, whatNext } from './demo-report.ts';

const PLACES = {
  page: 'http://127.0.0.1:7373',
  chat: 'http://127.0.0.1:7383',
  shop: 'http://127.0.0.1:7380',
  dataDir: '.evenkeel/demo',
};

test('the first words of the demonstration name the page, the chat, the shop, the log and what is watched', () => {
  const text = firstResults(PLACES, [aMonitor({ name: 'web', latencyMs: 12.4, target: '127.0.0.1:7380/health' })]);

  assert.match(text, /Status page +http:\/\/127\.0\.0\.1:7373\/\n +Team chat +http:\/\/127\.0\.0\.1:7383\/\n/);
  assert.match(text, /Shop +http:\/\/127\.0\.0\.1:7380\/\n +Log +\.evenkeel\/demo\/demo\.log\n/);
  assert.match(text, /web {2}up +12 ms {2}127\.0\.0\.1:7380\/health/);
});

test('a proof says what came out of the backup and how long it took, never less than it was', () => {
  const proof = { backup: 'bak_1', at: 0, takenAt: 0, tookMs: 701, tables: 5, rows: 123, assertions: 3 };

  const text = backupResult({ outcome: 'proven', bytes: 20_001, proof });

  assert.match(text, /A backup of the shop's database was taken: 21 kB/);
  assert.match(text, /proven by a restore: 5 tables, 123 rows, 3 questions, 0\.8 s\./);
});

test('a failed backup is told with its cause and what to do, and the word proven is not used', () => {
  const text = backupResult({ outcome: 'failed', message: 'The disk is full.', hint: 'Make room.' });

  assert.match(text, /The disk is full\.\n +Make room\./);
  assert.doesNotMatch(text, /proven/);
});

test('the rehearsal tells how long an alert and its end took', () => {
  const told = { step: 'told', title: 'api is down', sureAfterMs: 6_010, tookMs: 30 } as const;

  assert.match(rehearsalLine(told), /Sure after 6\.1 s: api is down\n +Alert delivered 0\.1 s after we were sure/);
  assert.match(rehearsalLine({ step: 'over', title: 'api is back', tookMs: 240 }), /0\.3 s after .*: api is back/);
  assert.match(rehearsalLine({ step: 'silent' }), /Nobody was told[^]*evenkeel alert deliveries/);
});

test('what to try next also works when the shop had to move to other ports', () => {
  const text = whatNext(PLACES, 40_001);

  assert.match(text, /API_PORT=40001 \S+ examples\/shop\/break\.ts api down/);
  for (const part of [
    'EVENKEEL_DATA_DIR=.evenkeel/demo',
    'evenkeel backup list',
    'evenkeel alert deliveries',
    'Ctrl-C',
  ]) {
    assert.ok(text.includes(part), part);
  }
  assert.doesNotMatch(whatNext(PLACES, null), /API_PORT/);
});
