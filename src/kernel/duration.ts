import * as z from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './clock.ts';

/** Largest first. */
const UNIT_MS = new Map([
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['m', MINUTE_MS],
  ['s', SECOND_MS],
  ['ms', 1],
]);

const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;
const PART = /(?<amount>\d+(?:\.\d+)?)(?<unit>ms|s|m|h|d)/g;

/** Milliseconds for `30s`, `1h30m` or `14d`; undefined when the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION.test(text)) return undefined;
  let ms = 0;
  for (const { groups } of text.matchAll(PART)) {
    ms += Number(groups?.['amount']) * (UNIT_MS.get(groups?.['unit'] ?? '') ?? 0);
  }
  return Math.round(ms);
}

/** The shortest exact spelling, largest unit first: `90_000` is `1m30s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = Math.round(ms);
  let text = '';
  for (const [unit, unitMs] of UNIT_MS) {
    const amount = Math.floor(rest / unitMs);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * unitMs;
  }
  return text;
}

export interface DurationLimits {
  readonly minMs?: number;
  readonly maxMs?: number;
}

/** A setting written as `30s` and read as milliseconds. Limits are inclusive. */
export function duration({ minMs = 0, maxMs = Number.MAX_SAFE_INTEGER }: DurationLimits = {}) {
  const limits = [
    minMs > 0 ? `at least ${formatDuration(minMs)}` : '',
    maxMs < Number.MAX_SAFE_INTEGER ? `at most ${formatDuration(maxMs)}` : '',
  ].filter(Boolean);
  const expectation = ['Expected a duration such as 30s, 5m or 1h30m', ...limits].join(', ');
  return z
    .string({ error: `${expectation}.` })
    .regex(DURATION, `${expectation}.`)
    .refine((text) => isWithin(parseDuration(text), minMs, maxMs), `${expectation}.`)
    .transform((text) => parseDuration(text) ?? 0);
}

function isWithin(ms: number | undefined, minMs: number, maxMs: number): boolean {
  // Not a duration at all is reported by the pattern; a second complaint would only confuse.
  return ms === undefined || (ms >= minMs && ms <= maxMs);
}
