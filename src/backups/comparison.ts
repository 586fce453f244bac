import type { TableCount } from './format/backup-manifest.ts';

export interface Comparison {
  readonly tables: number;
  readonly rows: number;
  /** Tables whose rows were not counted when the backup was taken. */
  readonly uncounted: number;
  /** Phrases such as `public.orders has 10 rows and had 12`; empty when all is as it was. */
  readonly differences: readonly string[];
}

/** Holds a restored database against what was counted at the very instant of its dump. */
export function compareTables(dumped: readonly TableCount[], restored: readonly TableCount[]): Comparison {
  const was = new Map(dumped.map(({ name, rows }) => [name, rows]));
  const is = new Map(restored.map(({ name, rows }) => [name, rows]));
  const missing = dumped.filter(({ name }) => !is.has(name)).map(({ name }) => `${name} is missing`);
  const strange = restored.filter(({ name }) => !was.has(name)).map(({ name }) => `${name} was not there`);
  const changed = dumped.flatMap(({ name, rows: before }) => {
    const after = is.get(name);
    if (after === undefined || before === null || after === before) return [];
    return [`${name} has ${after === null ? 'uncounted' : numeral(after)} rows and had ${numeral(before)}`];
  });
  return {
    tables: restored.length,
    rows: restored.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
    uncounted: dumped.filter(({ rows }) => rows === null).length,
    differences: [...missing, ...strange, ...changed],
  };
}

/** Why a comparison without differences says nothing by itself, as a phrase; undefined when it does say something. */
export function sayNothingCompared({ tables, uncounted, differences }: Comparison): string | undefined {
  if (differences.length > 0 || tables > uncounted) return undefined;
  if (tables === 0) return 'it has no table, and no assertion asks for anything else';
  return `how many rows its ${counted(tables, 'table')} had is not known, and no assertion asks for them`;
}

/** One sentence for people, of a comparison without differences. */
export function sayComparison({ tables, rows, uncounted }: Comparison): string {
  const what = `${counted(tables, 'table')}, ${counted(rows, 'row')}`;
  if (uncounted === 0) return `${what}, all as they were.`;
  return `${what}; all as they were, but for ${uncounted} that had not been counted in time.`;
}

const DIFFERENCES_SHOWN = 5;

/** The first few of them, as part of a sentence. */
export function sayDifferences(differences: readonly string[]): string {
  const shown = differences.slice(0, DIFFERENCES_SHOWN).join('; ');
  const more = differences.length - DIFFERENCES_SHOWN;
  return more > 0 ? `${shown}; and ${more} more` : shown;
}

function counted(count: number, thing: string): string {
  return `${numeral(count)} ${thing}${count === 1 ? '' : 's'}`;
}

function numeral(count: number): string {
  return count.toLocaleString('en-GB');
}
