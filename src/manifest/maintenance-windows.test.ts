import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadedText, loadText, saidOf } from '../../test/support/manifests.ts';
import { HOUR_MS } from '../kernel/clock.ts';
import { monitoringPlanOf } from '../monitoring/index.ts';

const BEFORE = 'app: shop\nservices:\n  db: { url: "tcp://db:5432" }\nmaintenance:\n  work: ';

describe('a window of maintenance', () => {
  const cases: readonly (readonly [window: string, from: string, forMs: number])[] = [
    ['{ from: 2026-12-01T22:00, for: 4h }', '2026-12-01T22:00:00.000Z', 4 * HOUR_MS],
    ['{ from: 2026-12-01T22:00, for: 4h, zone: Europe/Berlin }', '2026-12-01T21:00:00.000Z', 4 * HOUR_MS],
    ['{ from: 2026-12-01T22:00+05:45, until: 2026-12-01T22:00Z }', '2026-12-01T16:15:00.000Z', 5.75 * HOUR_MS],
    [
      '{ from: 2026-03-29T01:00, until: 2026-03-29T04:00, zone: Europe/Berlin }',
      '2026-03-29T00:00:00.000Z',
      2 * HOUR_MS,
    ],
    ['{ rrule: "FREQ=WEEKLY;BYDAY=SU", from: 2026-01-04T02:00, for: 2h }', '2026-01-04T02:00:00.000Z', 2 * HOUR_MS],
    ['{ cron: "0 2 * * SUN", for: 2h, zone: America/New_York }', '2026-01-04T07:00:00.000Z', 2 * HOUR_MS],
  ];
  for (const [window, from, forMs] of cases) {
    test(`${window} begins at ${from}`, async () => {
      const { manifest, model } = await loadedText(`${BEFORE}${window}\n`);

      const [planned] = monitoringPlanOf(model, manifest, {}).plan.maintenance;

      const first = planned?.starts.next(Date.UTC(2026, 0, 1));
      assert.deepEqual([first, planned?.forMs], [Date.parse(from), forMs]);
      assert.deepEqual([planned?.title, planned?.monitors], ['work', null]);
    });
  }
});

describe('a window that cannot be meant is refused at its line', () => {
  const cases: readonly (readonly [window: string, said: string])[] = [
    [
      '{ from: 2026-12-01T22:00, for: 4h, monitors: [bd] }',
      'monitors[0]: there is no service or monitor "bd". Did you mean "db"?',
    ],
    ['{ for: 4h }', 'It does not say when it begins: write `from`, `rrule` or `cron`.'],
    ['{ from: 2026-12-01T22:00 }', 'It has to say when it is over, once: write `until` or `for`.'],
    ['{ from: 2026-12-01T22:00, until: 2026-12-01T21:00 }', 'until: It is over before it begins.'],
    ['{ from: 2026-12-01T22:00, until: 2027-03-01T22:00 }', 'until: It lasts longer than 31d.'],
    ['{ from: 2026-13-01T22:00, for: 4h }', 'from: expected a time such as 2026-12-01T22:00'],
    ['{ from: tonight, for: 4h }', 'from: expected a time such as 2026-12-01T22:00'],
    [
      '{ from: 2026-12-01T22:00, for: 32d }',
      'for: expected a duration such as 30s, 5m or 1h30m, at least 1m, at most 31d',
    ],
    ['{ from: 2026-12-01T22:00, for: 4h, zone: Berlin }', 'zone: expected a time zone such as Europe/Berlin'],
    ['{ rrule: "FREQ=WEEKLY;BYDAYS=SU", from: 2026-01-04T02:00, for: 2h }', 'rrule: BYDAYS is not one of FREQ'],
    [
      '{ rrule: "FREQ=WEEKLY;BYDAY=SU", from: 2026-01-05T02:00, for: 2h }',
      'from: The rule does not hold on 2026-01-05; the first day on which it does is 2026-01-11.',
    ],
    [
      '{ rrule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", from: 2026-01-05T02:00, for: 2h }',
      'rrule: It never comes true.',
    ],
    ['{ rrule: FREQ=DAILY, for: 2h }', 'It does not say when it begins the first time: write `from`.'],
    ['{ rrule: FREQ=DAILY, from: 2026-01-05T02:00, for: 24h }', 'for: It begins again after 1d, before it is over.'],
    ['{ cron: "*/30 * * * *", for: 30m }', 'for: It begins again after 30m, before it is over.'],
    ['{ cron: "0 2 * * *", for: 23h30m, zone: Europe/Berlin }', 'for: It begins again after 23h, before it is over.'],
    ['{ cron: "0 2 31 2 *", for: 2h }', 'cron: expected a cron line of five fields that comes true'],
    ['{ cron: "0 2 * * *" }', 'It does not say how long it lasts each time: write `for`.'],
    ['{ cron: "0 2 * * *", for: 2h, from: 2026-01-05T02:00 }', 'from: It cannot stand beside `cron`'],
    ['{ cron: "0 2 * * *", for: 2h, rrule: FREQ=DAILY }', 'cron: It cannot stand beside `rrule`.'],
    ['{ cron: "0 2 * * *", for: 2h, until: 2026-01-05T02:00 }', 'until: How long it lasts is said by `for`'],
    ['{ form: 2026-12-01T22:00, for: 4h }', 'form is not a known key. Did you mean "from"?'],
  ];
  for (const [window, said] of cases) {
    test(window, async () => {
      const problems = saidOf(await loadText(`${BEFORE}${window}\n`));

      assert.equal(problems.length, 1, problems.join('\n'));
      const [problem = ''] = problems;
      assert.match(problem, /^evenkeel\.yaml:5:\d+ maintenance\.work/);
      assert.ok(problem.toLowerCase().includes(said.toLowerCase()), problem);
    });
  }
});
