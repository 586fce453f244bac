import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { availabilityIn } from './availability.ts';
import { endOf, type PastSpan, timelineWith } from './past-timeline.ts';

const DAY = Date.parse('2026-10-05T00:00:00Z');
const UNTIL = DAY + 40 * DAY_MS;
const origin = 'Uptime Kuma';

function span(at: number, up: number, down: number, outages: PastSpan['outages'] = []): PastSpan {
  return { at, length: 'hour', up, down, latency: null, outages };
}

test('an outage is put where it was, and is as long as the checks that failed', () => {
  const outage = { from: DAY + 20 * MINUTE_MS, to: DAY + 40 * MINUTE_MS };

  const changes = timelineWith([], { spans: [span(DAY, 45, 15, [outage])], until: UNTIL, origin });

  assert.deepEqual(
    changes.map(({ at, state }) => [(at - DAY) / MINUTE_MS, state]),
    [
      [0, 'up'],
      [20, 'down'],
      [35, 'up'],
      [60, 'unknown'],
    ],
  );
  assert.equal(changes[1]?.reason, 'Checks failed, by the count of Uptime Kuma.');
});

test('an outage that goes on from hour to hour is one', () => {
  const spans = [
    span(DAY, 30, 30, [{ from: DAY + 30 * MINUTE_MS, to: DAY + HOUR_MS }]),
    span(DAY + HOUR_MS, 0, 60, [{ from: DAY + HOUR_MS, to: DAY + 2 * HOUR_MS }]),
    span(DAY + 2 * HOUR_MS, 60, 0),
  ];

  const changes = timelineWith([], { spans, until: UNTIL, origin });

  assert.deepEqual(
    changes.map(({ at, state }) => [(at - DAY) / MINUTE_MS, state]),
    [
      [0, 'up'],
      [30, 'down'],
      [120, 'up'],
      [180, 'unknown'],
    ],
  );
});

test('what nobody counted stays unknown, and spans told later fill it', () => {
  const first = timelineWith([], { spans: [span(DAY, 60, 0), span(DAY + 3 * HOUR_MS, 60, 0)], until: UNTIL, origin });
  assert.deepEqual(
    first.map(({ at, state }) => [(at - DAY) / HOUR_MS, state]),
    [
      [0, 'up'],
      [1, 'unknown'],
      [3, 'up'],
      [4, 'unknown'],
    ],
  );

  const between = [span(DAY + HOUR_MS, 60, 0), span(DAY + 2 * HOUR_MS, 60, 0)];
  const second = timelineWith(first, { spans: between, until: UNTIL, origin });
  assert.deepEqual(
    second.map(({ at, state }) => [(at - DAY) / HOUR_MS, state]),
    [
      [0, 'up'],
      [4, 'unknown'],
    ],
  );
});

const times = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }));
const spans = fc
  .uniqueArray(
    fc.record({
      day: fc.integer({ min: 0, max: 39 }),
      up: fc.integer({ min: 0, max: 2_000 }),
      down: fc.integer({ min: 0, max: 2_000 }),
      outages: fc.array(times, { maxLength: 4 }),
    }),
    { selector: ({ day }) => day, minLength: 1 },
  )
  .map((all) =>
    all
      .filter(({ up, down }) => up + down > 0)
      .toSorted((one, other) => one.day - other.day)
      .map(({ day, up, down, outages }): PastSpan => {
        const at = DAY + day * DAY_MS;
        let from = at - HOUR_MS;
        const apart = outages.map(([gap, length]) => {
          const outage = { from: from + gap * 17 * MINUTE_MS, to: from + (gap + length) * 17 * MINUTE_MS };
          from = outage.to;
          return outage;
        });
        return { at, length: 'day', up, down, latency: null, outages: apart };
      }),
  );

test('every span has the uptime of its checks, whatever is known of its outages, in however many parts it is told', () => {
  fc.assert(
    fc.property(spans, fc.nat(), (all, cut) => {
      const half = all.length === 0 ? 0 : cut % all.length;
      const first = timelineWith([], { spans: all.slice(half), until: UNTIL, origin });
      const changes = timelineWith(first, { spans: all.slice(0, half), until: UNTIL, origin });

      for (const [index, change] of changes.entries()) {
        const before = changes[index - 1];
        assert.ok(before === undefined || before.at < change.at);
        assert.notEqual(before?.state, change.state);
      }
      for (const each of all) {
        const { ratio, coverage } = availabilityIn(changes, { from: each.at, to: endOf(each) });
        assert.equal(coverage, 1);
        assert.ok(Math.abs((ratio ?? 0) - each.up / (each.up + each.down)) < 1e-6);
      }
    }),
  );
});
