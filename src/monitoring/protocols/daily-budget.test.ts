import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { createDailyBudget } from './daily-budget.ts';

const MIDNIGHT = Date.UTC(2026, 0, 2);
const WELL = { tokens: 20, wentWell: true };
const BADLY = { tokens: 20, wentWell: false };

/** Checks every minute from `from` on; how many questions were asked, and when. */
function run(budget: ReturnType<typeof createDailyBudget>, hours: number, from = MIDNIGHT, asked = WELL): number[] {
  const times: number[] = [];
  for (let at = from; at < from + hours * HOUR_MS; at += MINUTE_MS) {
    if (!budget.isDue(at)) continue;
    budget.spend(at, asked);
    times.push(at);
  }
  return times;
}

test('a budget is spread over the whole day, and each day has its own', () => {
  const budget = createDailyBudget({ calls: 24 });

  const first = run(budget, 24);
  assert.ok(first.length >= 22 && first.length <= 24, `${first.length} questions`);
  const gaps = first.slice(1).map((at, index) => at - (first[index] ?? 0));
  assert.ok(Math.max(...gaps) <= 66 * MINUTE_MS && Math.min(...gaps) >= 55 * MINUTE_MS, String(gaps));
  assert.ok(run(budget, 24, MIDNIGHT + DAY_MS).length >= 22);
});

test('what is wrong is asked again at once, three times, and then no longer for all there is', () => {
  const budget = createDailyBudget({ calls: 24 });

  const times = run(budget, 24, MIDNIGHT, BADLY);

  assert.deepEqual(
    times.slice(0, 4).map((at) => (at - MIDNIGHT) / MINUTE_MS),
    [0, 1, 2, 3],
  );
  assert.ok((times[4] ?? 0) - (times[3] ?? 0) > HOUR_MS);
  assert.ok(times.some((at) => at > MIDNIGHT + 22 * HOUR_MS));
});

test('tokens are a limit as well, and may be one beside calls', () => {
  assert.ok(run(createDailyBudget({ tokens: 200 }), 24).length <= 10);
  assert.ok(run(createDailyBudget({ tokens: 1_000_000, calls: 5 }), 24).length <= 5);
});

test('what is left is told, and comes back at midnight', () => {
  const budget = createDailyBudget({ calls: 4 });
  budget.spend(MIDNIGHT, WELL);

  assert.equal(budget.left(MIDNIGHT + HOUR_MS), 0.75);
  assert.equal(budget.left(MIDNIGHT + DAY_MS), 1);
});

test('a clock that is set back delays no question', () => {
  const budget = createDailyBudget({ calls: 4 });
  budget.spend(MIDNIGHT + 20 * HOUR_MS, WELL);

  assert.equal(budget.isDue(MIDNIGHT + 20 * HOUR_MS + MINUTE_MS), false);
  assert.equal(budget.isDue(MIDNIGHT + HOUR_MS), true);
});

test('whatever happens, no day costs more than its budget', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 * HOUR_MS }), fc.boolean()), { maxLength: 400 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), steps, (calls, events) => {
      const budget = createDailyBudget({ calls });
      const byDay = new Map<number, number>();
      let at = MIDNIGHT;
      for (const [ms, wentWell] of events) {
        at += ms;
        if (!budget.isDue(at)) continue;
        budget.spend(at, { tokens: 1, wentWell });
        const day = Math.floor(at / DAY_MS);
        byDay.set(day, (byDay.get(day) ?? 0) + 1);
      }
      assert.ok([...byDay.values()].every((count) => count <= calls));
    }),
  );
});
