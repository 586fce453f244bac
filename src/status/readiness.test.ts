import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SHOP_NOW } from '../../test/support/public-facts.ts';
import { aDelivery, aSource } from '../../test/support/readiness-facts.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import { type PublicReadiness, readinessOf } from './readiness.ts';
import { wordingOf } from './wording.ts';

const PROOF = { backup: 'bak_2', at: SHOP_NOW - HOUR_MS, takenAt: SHOP_NOW - 30 * HOUR_MS, tookMs: 800 } as const;
const COUNTS = { tables: 3, rows: 123, assertions: 1 } as const;

function spoken(readiness: PublicReadiness, language = 'en'): readonly string[] {
  return wordingOf(language)
    .readiness(readiness, SHOP_NOW)
    .map(({ term, value, details }) => `${term}: ${[value, ...details].join('. ')}.`);
}

test('of several stores the oldest proof and the oldest data count, and the time of all together', () => {
  const { backup } = readinessOf([aSource(), aSource({ service: 'files', lastProof: { ...PROOF, ...COUNTS } })], []);

  assert.deepEqual(backup, {
    stores: 2,
    provenStores: 2,
    proof: {
      at: SHOP_NOW - 6 * HOUR_MS - 20 * MINUTE_MS,
      takenAt: SHOP_NOW - 30 * HOUR_MS,
      tookMs: 11 * MINUTE_MS + 40 * SECOND_MS + 800,
    },
  });
});

test('a proof of one store is not one of all', () => {
  const ready = readinessOf([aSource(), aSource({ service: 'files', lastProof: null })], []);

  assert.equal(ready.backup?.proof, null);
  assert.deepEqual(spoken(ready), [
    'Last backup proven by a full restore: Not all data yet. 1 of 2 data stores restored and checked.',
  ]);
});

test('the last alert is the one delivered last, whatever was known after it', () => {
  const waiting = aDelivery({ knownAt: SHOP_NOW - 1_000, deliveredAt: null, state: 'waiting' });
  const late = aDelivery({ knownAt: SHOP_NOW - HOUR_MS, deliveredAt: SHOP_NOW - MINUTE_MS });
  const mailing = aDelivery({ lane: 'broadcast', deliveredAt: SHOP_NOW });

  const { alert } = readinessOf([], [waiting, mailing, aDelivery(), late]);

  assert.deepEqual(alert, { deliveredAt: SHOP_NOW - MINUTE_MS, tookMs: HOUR_MS - MINUTE_MS });
});

test('nothing backed up and nothing delivered is nothing to tell', () => {
  const ready = readinessOf([], [aDelivery({ deliveredAt: null, state: 'dead' })]);

  assert.deepEqual(ready, { backup: null, alert: null });
  assert.deepEqual(spoken(ready), []);
});

test('what is backed up and was never restored is not called safe', () => {
  const unproven = aSource({ lastProof: null, level: 'readable' });

  for (const [language, text] of [
    ['en', /No backup has been proven yet/],
    ['de', /Noch keine Sicherung ist durch Wiederherstellung bewiesen/],
    ['ar', /لم تثبت سلامة أي نسخة احتياطية بعد/],
  ] as const) {
    assert.match(spoken(readinessOf([unproven], []), language).join(), text);
  }
});

test('each language tells what was measured', () => {
  const ready = readinessOf([aSource()], [aDelivery()]);

  assert.deepEqual(spoken(ready), [
    'Last backup proven by a full restore: 6 hours ago. Restored and checked in 11 minutes, 40 seconds. With the data of 02:04 UTC.',
    'Last alert delivered: 3 minutes ago. Accepted 0.4 seconds after we were sure. 14:31 UTC.',
  ]);
  assert.deepEqual(spoken(ready, 'de'), [
    'Letzte durch Wiederherstellung bewiesene Sicherung: Vor 6 Stunden. Wiederhergestellt und geprüft in 11 Minuten, 40 Sekunden. Mit den Daten von 02:04 UTC.',
    'Letzter zugestellter Alarm: Vor 3 Minuten. Angenommen 0,4 Sekunden, nachdem wir sicher waren. 14:31 UTC.',
  ]);
  assert.match(spoken(ready, 'ar').join(), /باستعادة كاملة: قبل 6 ساعات\. استغرقت الاستعادة والفحص 11 دقيقة و40 ثانية/);
});

const AGES: readonly (readonly [number, string | null])[] = [
  [0, null],
  [59_999, null],
  [MINUTE_MS, '1 minute ago'],
  [HOUR_MS - 1, '59 minutes ago'],
  [HOUR_MS, '1 hour ago'],
  [24 * HOUR_MS - 1, '23 hours ago'],
  [49 * HOUR_MS, '2 days ago'],
];

for (const [ms, text] of AGES) {
  test(`an age of ${ms} ms is ${text === null ? 'less than a minute' : `"${text}"`}`, () => {
    assert.equal(wordingOf('en').formats.ago(ms), text);
  });
}

const MEASURED: readonly (readonly [number, string])[] = [
  [0, '0 seconds'],
  [20, '0.1 seconds'],
  [401, '0.5 seconds'],
  [10_001, '11 seconds'],
  [60_000, '1 minute'],
  [700_000, '11 minutes, 40 seconds'],
  [3_600_000, '1 hour'],
];

for (const [ms, text] of MEASURED) {
  test(`a stopwatch at ${ms} ms says "${text}", never less than it was`, () => {
    assert.equal(wordingOf('en').formats.measured(ms), text);
  });
}
