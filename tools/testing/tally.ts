import { stripVTControlCharacters } from 'node:util';

const COUNTS = ['tests', 'suites', 'pass', 'fail', 'cancelled', 'skipped', 'todo'] as const;

/** What Node's test runner says at the end of a run. */
export type Tally = Readonly<Partial<Record<(typeof COUNTS)[number], number>>>;

/** `ℹ pass 12` is `{ pass: 12 }`; `ℹ duration_ms 3.2` is `{}`; other lines are none of its counts. */
export function countIn(line: string): Tally | undefined {
  const match = /^ℹ (?<name>\w+) (?<count>[\d.]+)$/.exec(stripVTControlCharacters(line));
  const name = match?.groups?.['name'];
  if (name === 'duration_ms') return {};
  const known = COUNTS.find((each) => each === name);
  return known === undefined ? undefined : { [known]: Number(match?.groups?.['count']) };
}

export function sum(tallies: readonly Tally[]): Required<Tally> {
  const total = (name: (typeof COUNTS)[number]) => tallies.reduce((so, tally) => so + (tally[name] ?? 0), 0);
  return {
    tests: total('tests'),
    suites: total('suites'),
    pass: total('pass'),
    fail: total('fail'),
    cancelled: total('cancelled'),
    skipped: total('skipped'),
    todo: total('todo'),
  };
}

/** A skipped test is a promise nobody checked, so it fails the run like a broken one. */
export function isGood({ fail = 0, cancelled = 0, skipped = 0 }: Tally): boolean {
  return fail + cancelled + skipped === 0;
}

/** The closing lines, as Node's runner prints them. */
export function closing(tally: Required<Tally>, durationMs: number): string {
  return [...COUNTS.map((name) => `ℹ ${name} ${tally[name]}`), `ℹ duration_ms ${durationMs.toFixed(3)}`].join('\n');
}
