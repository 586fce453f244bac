import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';

/** Largest first. */
const UNITS = [
  ['d', DAY_MS],
  ['h', HOUR_MS],
  ['min', MINUTE_MS],
  ['s', SECOND_MS],
] as const;

/** `2026-11-21 10:02:03 UTC` */
export function utc(at: number): string {
  const text = Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: 'second' });
  return text.replace('T', ' ').replace('Z', ' UTC');
}

export function iso(at: number): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString({ fractionalSecondDigits: 3 });
}

/** `6 min 10 s`: the largest unit and the one below it, cut to whole ones. */
export function inWords(ms: number): string {
  const largest = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  if (largest === -1) return 'less than a second';
  let rest = ms;
  const parts: string[] = [];
  for (const [unit, unitMs] of UNITS.slice(largest, largest + 2)) {
    const amount = Math.floor(rest / unitMs);
    if (amount > 0) parts.push(`${amount} ${unit}`);
    rest -= amount * unitMs;
  }
  return parts.join(' ');
}
