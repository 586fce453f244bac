import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { aWatch } from '../../../test/support/watches.ts';
import type { State } from '../../contracts/state.ts';
import { createJudge } from './judge.ts';
import type { Rest } from './next-state.ts';
import type { Transition, Watch } from './watch.ts';

const EVERY_MS = 10_000;
const SECONDS = 400;

/** What happens in a timeline: a check every ten seconds, or none, and announced work here or at what it needs. */
interface Timeline {
  readonly checks: readonly ('up' | 'down' | 'none')[];
  readonly own: readonly Span[];
  readonly dependency: readonly Span[];
}

/** In seconds, half-open. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const span = fc
  .record({ from: fc.integer({ min: 0, max: SECONDS }), length: fc.integer({ min: 1, max: 90 }) })
  // Between two checks, so that no test depends on what happens first within one second.
  .map(({ from, length }) => ({ from: from - (from % 10) + 5, to: from - (from % 10) + 5 + 10 * length }));
const timeline = fc.record({
  checks: fc.array(fc.constantFrom('up' as const, 'down' as const, 'down' as const, 'none' as const), {
    minLength: SECONDS / 10,
    maxLength: SECONDS / 10,
  }),
  own: fc.array(span, { maxLength: 2 }),
  dependency: fc.array(span, { maxLength: 2 }),
});

test('whatever happens, the history says what the checks, the work and the silence together mean', () => {
  fc.assert(
    fc.property(timeline, (line) => {
      const history = historyOf(line);
      for (let second = 0; second < SECONDS; second += 1) {
        const wanted = meaningOf(line, second);
        const found = stateAt(history, second);
        assert.ok(wanted.includes(found), `at ${second} s it is ${found}, expected ${wanted.join(' or ')}`);
      }
    }),
    { numRuns: 500 },
  );
});

test('a failure is dated back to its first failing check, and an end of work to the moment of that end', () => {
  const checks = checksOf('uuduudddddddd');

  assert.deepEqual(
    historyOf({ checks, own: [{ from: 75, to: 95 }], dependency: [] }).map(({ state, since }) => [state, since]),
    [
      ['up', 0],
      ['down', 50_000],
      ['maintenance', 75_000],
      ['down', 95_000],
      // The timeline ends, and with it the checks.
      ['unknown', 130_000],
    ],
  );
});

test('what fails while the work on something it needs goes on is put down to that work, by name', () => {
  const checks = checksOf('uuddddduu');
  const history = historyOf({ checks, own: [], dependency: [{ from: 15, to: 300 }] });

  assert.deepEqual(
    history.map(({ state, rootCause, reason }) => [state, rootCause, reason]),
    [
      ['up', undefined, null],
      ['maintenance', 'db', 'It needs db, which is being worked on: New disks'],
      ['up', undefined, null],
      ['unknown', null, 'It was not checked.'],
    ],
  );
});

/** `u` is up, `d` is down. */
function checksOf(letters: string): Timeline['checks'] {
  return letters.split('').map((letter) => (letter === 'u' ? 'up' : 'down'));
}

/** Plain reading of the whole timeline, afterwards: which states a second may be in. */
function meaningOf(line: Timeline, second: number): readonly State[] {
  const seen = line.checks.flatMap((outcome, index) => (outcome === 'none' ? [] : [{ outcome, at: index * 10 }]));
  const index = seen.findLastIndex(({ at }) => at <= second);
  const last = seen[index];
  if (covers(line.own, second)) return ['maintenance'];
  if (last === undefined) return ['unknown'];
  const silentUntil = seen[index + 1]?.at ?? SECONDS;
  if (silentUntil - last.at > 22 && second >= last.at + 10) return inSilence(line, last.at, silentUntil);
  return last.outcome === 'up' ? ['up'] : inFailure(line, seen, index);
}

/** A silence that work interrupts is not dated back to before the work; its remainder is unknown. */
function inSilence(line: Timeline, from: number, to: number): readonly State[] {
  const isInterrupted = overlaps([...line.own, ...line.dependency], from, to);
  return isInterrupted ? ['unknown', 'maintenance', 'up', 'down'] : ['unknown'];
}

function inFailure(line: Timeline, seen: readonly Seen[], index: number): readonly State[] {
  const run = runAround(seen, index);
  const [from, to] = [run[0]?.at ?? 0, run.at(-1)?.at ?? 0];
  // Where work begins or ends in the middle of a failure, when we are sure again is the examples' business.
  const isTouched = overlaps([...line.own, ...line.dependency], from - 30, to + 1);
  if (isTouched) return ['down', 'maintenance', 'unknown', 'up'];
  if (run.length >= 2) return ['down'];
  // A single failing check changes nothing of what was known before, and leaves unknown what was not.
  const before = seen[index - 1];
  return before !== undefined && from - before.at <= 22 ? ['up'] : ['unknown'];
}

interface Seen {
  readonly outcome: string;
  readonly at: number;
}

function overlaps(spans: readonly Span[], start: number, end: number): boolean {
  return spans.some(({ from, to }) => from < end && to > start);
}

/** The failing checks in a row around this one, without a gap between them. */
function runAround(seen: readonly Seen[], index: number): readonly Seen[] {
  const isBreak = (one: number) => {
    const [a, b] = [seen[one], seen[one + 1]];
    return a === undefined || b === undefined || b.at - a.at > 22 || a.outcome !== 'down' || b.outcome !== 'down';
  };
  let [first, last] = [index, index];
  while (!isBreak(first - 1)) first -= 1;
  while (!isBreak(last)) last += 1;
  return seen.slice(first, last + 1);
}

function historyOf({ checks, own, dependency }: Timeline): readonly Transition[] {
  const watch = aWatch({ intervalMs: EVERY_MS, confirm: { down: 2, up: 1 } }, { state: 'unknown' });
  let now = 0;
  const judge = createJudge({
    clock: { now: () => now },
    writer: { write: () => undefined },
    committer: { wake: () => undefined },
    check: () => undefined,
    locations: { observe: () => undefined, agreement: () => undefined, seen: () => [] },
    silence: () => 'It was not checked.',
    isWorkOn: () => true,
    restOf: (_watch, at) => restIn(own, at, null) ?? restIn(dependency, at, 'db'),
  });
  for (let second = 0; second < SECONDS; second += 1) {
    now = second * 1_000;
    judge.sweep([watch]);
    const outcome = second % 10 === 0 ? checks[second / 10] : undefined;
    if (outcome === 'up') judge.hear(watch, { state: 'up', latencyMs: 1 });
    if (outcome === 'down') judge.hear(watch, { state: 'down', reason: 'It refused.' });
  }
  return inForce(watch);
}

/** Two changes at one instant leave the later one, as they do in the database. */
function inForce({ standing: { pending } }: Watch): readonly Transition[] {
  return pending.filter(({ since }, index) => pending[index + 1]?.since !== since);
}

function restIn(spans: readonly Span[], at: number, dependency: string | null): Rest | null {
  const found = spans.filter(({ from, to }) => from * 1_000 <= at && at < to * 1_000);
  if (found.length === 0) return null;
  const from = Math.min(...found.map((each) => each.from));
  const until = Math.max(...found.map((each) => each.to));
  return { title: 'New disks', from: from * 1_000, until: until * 1_000, dependency };
}

function covers(spans: readonly Span[], second: number): boolean {
  return spans.some(({ from, to }) => from <= second && second < to);
}

function stateAt(history: readonly Transition[], second: number): State {
  return history.findLast(({ since }) => since <= second * 1_000)?.state ?? 'unknown';
}
