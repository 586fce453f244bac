import * as z from 'zod';
import { formatDuration, parseDuration } from '../../kernel/duration.ts';
import type { Unit } from './rule.ts';

export interface Limit {
  readonly value: number;
  readonly unit: Unit;
}

const PERCENT = /^(?<percent>\d+(?:\.\d+)?) ?%$/;
const EXPECTED = 'Expected a percentage such as "85%", a duration such as 1s, or a number.';

/** A limit written as `"85%"`, `1s` or `1000`. */
export function limit() {
  return z.union([z.number(), z.string()], EXPECTED).transform((written, context): Limit => {
    const read = typeof written === 'number' ? { value: written, unit: 'number' as const } : parse(written);
    if (read !== undefined) return read;
    context.addIssue({ code: 'custom', message: EXPECTED });
    return z.NEVER;
  });
}

function parse(text: string): Limit | undefined {
  const percent = PERCENT.exec(text)?.groups?.['percent'];
  if (percent !== undefined) return { value: Number(percent) / 100, unit: 'share' };
  const ms = parseDuration(text);
  return ms === undefined ? undefined : { value: ms, unit: 'ms' };
}

/** As people write it: `91%`, `1.4s`, `1,024`. */
export function printValue(value: number, unit: Unit): string {
  // Rounding 80.04 % to "80 %, above 80 %" would look like a mistake.
  if (unit === 'share') return `${rounded(value * 100, 1)}%`;
  if (unit === 'ms') return formatDuration(value >= 1_000 ? Math.round(value / 10) * 10 : Math.round(value));
  return rounded(value, 3);
}

function rounded(value: number, digits: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
