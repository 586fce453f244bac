import * as z from 'zod';
import { SEVERITIES } from '../../contracts/outbound.ts';
import { DAY_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { duration, formatDuration } from '../../kernel/duration.ts';
import { timeZone } from '../../kernel/times.ts';
import { exact } from './budget.ts';
import { canFire, fastest, highestFactor } from './burn-pairs.ts';
import { MEASURES, type Measure, type Objective } from './objective.ts';
import { isRolling, nominalMs, PERIODS } from './period.ts';

const PERCENT = /^(?<number>\d{1,3}(?:\.\d{1,6})?)%$/;
const PAIRS_MAX = 8;
const CHECKS_MAX = 100_000;

const EXPECTED_PERCENT = 'Expected a percentage such as "99.9%".';

const Availability = z
  .string(EXPECTED_PERCENT)
  .regex(PERCENT, EXPECTED_PERCENT)
  .superRefine((text, context) => {
    const problem = percentProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .transform(shareOf)
  .describe('How much of the time it must work, e.g. "99.9%".');

/** What percent of answers must come in time is said by the key. */
const limit = (percent: number) =>
  duration({ minMs: 1, maxMs: 5 * MINUTE_MS })
    .optional()
    .describe(`${percent} of 100 answers must come within this time, e.g. 1s.`);

const Pair = z
  .strictObject({
    severity: z.enum(SEVERITIES).describe('How urgent it is when both windows burn too fast.'),
    long: duration({ minMs: MINUTE_MS, maxMs: 90 * DAY_MS }).describe('Enough was lost in this time to matter.'),
    short: duration({ minMs: MINUTE_MS, maxMs: 90 * DAY_MS }).describe('And it goes on: in this time too.'),
    factor: z
      .number()
      .positive('Expected a factor above 0, such as 14.4.')
      .describe('How many times faster than would spend the budget exactly; both windows must be faster.'),
  })
  .refine(({ long, short }) => short < long, {
    path: ['short'],
    message: 'Expected a shorter time than `long`: it has to tell whether the loss goes on.',
  });

const shape = {
  availability: Availability.optional(),
  p50: limit(50),
  p95: limit(95),
  p99: limit(99),
  counted: z
    .enum(['time', 'checks'])
    .optional()
    .describe('What availability counts: `time` in which it works (default), or `checks` that find it working.'),
  over: z
    .enum(PERIODS)
    .default('30d')
    .describe('Over how long: the latest 7, 28, 30 (default) or 90 days, or a week, month or quarter of the calendar.'),
  zone: timeZone()
    .optional()
    .describe('Where the midnight is at which a week, month or quarter begins, e.g. Europe/Berlin. Default UTC.'),
  maintenance: z
    .enum(['excluded', 'good', 'bad'])
    .default('excluded')
    .describe('What announced work counts as: nothing (default), working, or not working.'),
  degraded: z
    .enum(['good', 'bad'])
    .default('good')
    .describe('What slow or half working counts as in availability. Default good: it did answer.'),
  min_checks: z
    .int()
    .min(2)
    .max(CHECKS_MAX)
    .default(20)
    .describe('Where checks are counted: with fewer in the long window, no speed is told. Default 20.'),
  burn: z
    .array(Pair)
    .min(1, 'Expected at least one pair of windows.')
    .max(PAIRS_MAX)
    .optional()
    .describe('When to tell that the budget burns too fast. Default: the four pairs of Google’s SRE workbook.'),
  when_spent: z
    .strictObject({
      releases: z
        .enum(['allowed', 'blocked'])
        .default('allowed')
        .describe('Whether new releases may go out while nothing is left of the budget. Default allowed.'),
    })
    .optional()
    .describe('What a spent budget means.'),
};

type Written = z.output<z.ZodObject<typeof shape>>;

/** What a service or monitor promises. Every problem is told at the key that has it. */
export const Slo = z
  .strictObject(shape)
  .superRefine((slo, context) => {
    for (const { path, message } of problemsOf(slo)) context.addIssue({ code: 'custom', path: [...path], message });
  })
  .describe('What it promises: each promise has an error budget, which is watched.');
export type Slo = z.output<typeof Slo>;

/** What each promise of an `slo` has to reach, 0 to 1. */
const TARGETS = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

export function targetsOf(slo: Pick<Written, Measure>): readonly Pick<Objective, 'measure' | 'target' | 'limitMs'>[] {
  return MEASURES.flatMap((measure) => {
    const written = slo[measure];
    if (written === undefined) return [];
    const isShare = measure === 'availability';
    return [{ measure, target: isShare ? written : TARGETS[measure], limitMs: isShare ? null : written }];
  });
}

interface SloProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

function problemsOf(slo: Written): readonly SloProblem[] {
  return [...missing(slo), ...pointless(slo), ...unfit(slo)];
}

function missing(slo: Written): readonly SloProblem[] {
  if (targetsOf(slo).length > 0) return [];
  return [{ path: [], message: 'It promises nothing yet; write at least one of availability, p50, p95 and p99.' }];
}

/** Keys that would be read and never matter. */
function pointless({ zone, over, counted, availability }: Written): readonly SloProblem[] {
  return [
    ...(zone !== undefined && isRolling(over)
      ? [
          {
            path: ['zone'],
            message: `The latest ${over} begin at any moment; a zone belongs to week, month or quarter.`,
          },
        ]
      : []),
    ...(counted !== undefined && availability === undefined
      ? [{ path: ['counted'], message: 'It says how availability is counted, and no availability is promised.' }]
      : []),
  ];
}

function unfit(slo: Written): readonly SloProblem[] {
  return (slo.burn ?? []).flatMap(({ factor, long }, index) => {
    const path = ['burn', index];
    if (long > nominalMs(slo.over)) {
      const message = `The budget is that of ${formatDuration(nominalMs(slo.over))}; a longer window says nothing of it.`;
      return [{ path: [...path, 'long'], message }];
    }
    const tight = targetsOf(slo).find(({ target }) => !canFire(factor, target));
    return tight === undefined ? [] : [{ path: [...path, 'factor'], message: neverFires(factor, tight) }];
  });
}

function neverFires(
  factor: number,
  { measure, target }: { readonly measure: string; readonly target: number },
): string {
  const promise = `${measure} promises ${exact(target * 100)} %`;
  const reach = `even a total outage spends the budget only ${Number(fastest(target).toPrecision(3))} times too fast`;
  return `${factor} can never fire: ${promise}, so ${reach}. Use at most ${highestFactor(target)}.`;
}

function percentProblem(text: string): string | undefined {
  const share = shareOf(text);
  if (share >= 1) {
    return share > 1
      ? 'Expected a percentage below 100%, such as "99.9%".'
      : 'Nothing may ever fail at 100%: its budget is spent by the first failed check and never comes back. Promise less, such as "99.9%".';
  }
  return share > 0 ? undefined : 'Expected a percentage above 0%, such as "99.9%".';
}

function shareOf(text: string): number {
  return exact(Number(PERCENT.exec(text)?.groups?.['number']) / 100);
}
