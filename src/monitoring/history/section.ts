import * as z from 'zod';
import { DAY_MS } from '../../kernel/clock.ts';
import { duration } from '../../kernel/duration.ts';

/** How long each kind of memory is kept, in milliseconds; null is for ever. */
export interface Retention {
  readonly resultsMs: number;
  readonly minutesMs: number;
  readonly hoursMs: number | null;
  readonly daysMs: number | null;
}

/** What a probe brings late may be a month old, and is added to the hour it belongs to. */
const HOURS_MIN_MS = 35 * DAY_MS;
const YEARS_MAX_MS = 3_650 * DAY_MS;

const FOREVER = 'forever';
const Kept = (minMs: number) => duration({ minMs, maxMs: YEARS_MAX_MS });
const KeptOrForever = (minMs: number) => z.union([z.literal(FOREVER).transform(() => null), Kept(minMs)]);

export const HistorySection = z
  .strictObject({
    results: Kept(DAY_MS).optional().describe('Single results, with the reason of each. Default 30d.'),
    minutes: Kept(DAY_MS)
      .optional()
      .describe('Counts and latencies of each minute, of what is checked several times a minute. Default 90d.'),
    hours: KeptOrForever(HOURS_MIN_MS).optional().describe('Counts and latencies of each hour. Default 400d.'),
    days: KeptOrForever(HOURS_MIN_MS).optional().describe('Counts and latencies of each day. Default forever.'),
  })
  .describe(
    'How long checks are remembered. Changes of state, and so the uptime, are kept for ever. Nothing is deleted before the next line has it; hours and days are kept at least as long as what they are made of.',
  );

/**
 * Results answer "what did that one check see", which is asked in the days after it. Hours reach back a year and a
 * month, so that this month can be held against the same one of last year. A day of a monitor is 150 bytes.
 */
const DEFAULTS: Retention = { resultsMs: 30 * DAY_MS, minutesMs: 90 * DAY_MS, hoursMs: 400 * DAY_MS, daysMs: null };

export function retentionOf(written: z.output<typeof HistorySection> = {}): Retention {
  const resultsMs = written.results ?? DEFAULTS.resultsMs;
  const minutesMs = written.minutes ?? DEFAULTS.minutesMs;
  const hoursMs = longer(written.hours === undefined ? DEFAULTS.hoursMs : written.hours, resultsMs);
  const daysMs = longer(written.days === undefined ? DEFAULTS.daysMs : written.days, hoursMs);
  return { resultsMs, minutesMs, hoursMs, daysMs };
}

function longer(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other);
}
