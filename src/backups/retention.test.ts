import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS } from '../kernel/clock.ts';
import type { KeepRule } from './plan.ts';
import { expired, type KeptBackup } from './retention.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const NOTHING: KeepRule = { daily: 0, weekly: 0, monthly: 0, yearly: 0 };

/** One each night at two, the newest one this night; proven or not by its age in days. */
function nightly(nights: number, isProven: (age: number) => boolean = () => true): readonly KeptBackup[] {
  return Array.from({ length: nights }, (_, age) => {
    const takenAt = Date.parse('2026-11-21T02:00:00Z') - age * DAY_MS;
    return { id: new Date(takenAt).toISOString().slice(0, 10), takenAt, provenAt: isProven(age) ? takenAt : null };
  });
}

function kept(backups: readonly KeptBackup[], rule: KeepRule, now = NOW): readonly string[] {
  const gone = expired(backups, rule, now);
  return backups.filter((backup) => !gone.includes(backup)).map(({ id }) => id);
}

test('days, weeks, months and years keep the last backup of each [BAK-14/R]', () => {
  const rule = { daily: 4, weekly: 3, monthly: 3, yearly: 2 };

  assert.deepEqual(kept(nightly(400), rule), [
    '2026-11-21',
    '2026-11-20',
    '2026-11-19',
    '2026-11-18',
    // The last Sundays of two weeks.
    '2026-11-15',
    '2026-11-08',
    // The last days of two months, and of a year.
    '2026-10-31',
    '2026-09-30',
    '2025-12-31',
  ]);
});

test('a gap does not use up what is kept: five days with backups are five days', () => {
  const backups = nightly(60).filter((_, age) => age % 10 === 0);

  assert.equal(kept(backups, { ...NOTHING, daily: 5 }).length, 5);
});

test('the newest three stay whatever the rule says [BAK-14/R]', () => {
  const old = nightly(30).filter((_, age) => age > 10);

  assert.deepEqual(kept(old, NOTHING), ['2026-11-10', '2026-11-09', '2026-11-08']);
});

test('the newest proven one stays however old it is', () => {
  const backups = nightly(200, (age) => age === 150 || age === 180);

  assert.deepEqual(kept(backups, NOTHING), ['2026-11-21', '2026-11-20', '2026-11-19', '2026-06-24']);
});

test('what is younger than two days stays, however many there are', () => {
  const hourly = Array.from({ length: 100 }, (_, age) => {
    const takenAt = NOW - age * HOUR_MS;
    return { id: String(age), takenAt, provenAt: null };
  });

  assert.equal(kept(hourly, NOTHING).length, 48);
});

test('a backup from the future means that the clock is wrong, and nothing is deleted [BAK-14/R]', () => {
  const yesterday = NOW - DAY_MS;

  assert.deepEqual(expired(nightly(400), NOTHING, yesterday), []);
});

const backupsOf = fc
  .array(fc.record({ age: fc.integer({ min: 0, max: 900 * 24 }), isProven: fc.boolean() }), { maxLength: 60 })
  .map((entries) =>
    entries.map(({ age, isProven }, index): KeptBackup => {
      const takenAt = NOW - age * HOUR_MS;
      return { id: `bak_${index}`, takenAt, provenAt: isProven ? takenAt : null };
    }),
  );
const count = fc.integer({ min: 0, max: 12 });
const rules = fc.record({ daily: count, weekly: count, monthly: count, yearly: count });

test('no rule crosses a floor, and none deletes what a rule that keeps more would delete not', () => {
  fc.assert(
    fc.property(backupsOf, rules, (backups, rule) => {
      const gone = new Set(expired(backups, rule, NOW));
      const stay = backups.filter((backup) => !gone.has(backup));
      const proven = backups.filter(({ provenAt }) => provenAt !== null).toSorted((a, b) => b.takenAt - a.takenAt)[0];
      const newest = backups.toSorted((a, b) => b.takenAt - a.takenAt).slice(0, 3);

      assert.ok(
        proven === undefined || stay.some(({ takenAt, provenAt }) => provenAt !== null && takenAt === proven.takenAt),
      );
      assert.ok(stay.length >= Math.min(3, backups.length));
      assert.ok(newest.every(({ takenAt }) => stay.some((other) => other.takenAt === takenAt)));
      assert.ok([...gone].every(({ takenAt }) => takenAt <= NOW - 48 * HOUR_MS));

      const more = expired(backups, { ...rule, daily: rule.daily + 1, monthly: rule.monthly + 1 }, NOW);
      assert.ok(more.every((backup) => gone.has(backup)));
    }),
  );
});

test('once applied, a rule has nothing more to delete', () => {
  fc.assert(
    fc.property(backupsOf, rules, (backups, rule) => {
      const gone = new Set(expired(backups, rule, NOW));

      assert.deepEqual(
        expired(
          backups.filter((backup) => !gone.has(backup)),
          rule,
          NOW,
        ),
        [],
      );
    }),
  );
});
