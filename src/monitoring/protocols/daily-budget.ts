import * as z from 'zod';
import { DAY_MS } from '../../kernel/clock.ts';

const CALLS = 300;
/** So often in a row a question that went wrong is asked again by the very next check: that makes sure of it. */
const AGAIN_MAX = 3;

const CallsSetting = z.int().min(1).max(100_000).describe('How many questions a day may be asked.');

/** The setting `budget:` of checks that cost money, where what is used can be counted. */
export function dailyBudget(between: string) {
  return z
    .strictObject({
      calls: CallsSetting.optional(),
      tokens: z
        .int()
        .min(1)
        .max(1_000_000_000)
        .optional()
        .describe('How many tokens a day may be used, as the API counts them as far as that can be.'),
    })
    .refine(
      ({ calls, tokens }) => calls !== undefined || tokens !== undefined,
      'Expected a limit, such as { calls: 200 }.',
    )
    .default({ calls: CALLS })
    .describe(explain('`{ calls: 200 }`, `{ tokens: 50000 }` or both', between));
}

/** The same where nobody counts tokens. */
export function dailyCalls(between: string) {
  return z
    .strictObject({ calls: CallsSetting })
    .default({ calls: CALLS })
    .describe(explain('`{ calls: 48 }`', between));
}

function explain(written: string, between: string): string {
  return (
    `How much a day (UTC) may be asked: ${written}, spread over the day. In between ${between} Default ${CALLS} calls, ` +
    'so that a forgotten check stays cheap. A restart counts anew, and each location counts for itself.'
  );
}

export interface Limits {
  readonly calls?: number | undefined;
  readonly tokens?: number | undefined;
}

/** Times are epoch milliseconds. */
export interface DailyBudget {
  /** Whether to ask now: what is left is spread evenly over the rest of the day. */
  isDue(at: number): boolean;
  /** A question was asked; one that went wrong may be asked again at once, a few times in a row. */
  spend(at: number, asked: { readonly tokens: number; readonly wentWell: boolean }): void;
  /** What is left of the day, as a share. */
  left(at: number): number;
}

export function createDailyBudget({ calls = Number.POSITIVE_INFINITY, tokens = Number.POSITIVE_INFINITY }: Limits) {
  let day = Number.NaN;
  let used = { calls: 0, tokens: 0 };
  let askedAt = Number.NEGATIVE_INFINITY;
  let dueAt = Number.NEGATIVE_INFINITY;
  let wrongInARow = 0;

  function begin(at: number): void {
    const today = Math.floor(at / DAY_MS);
    if (today === day) return;
    day = today;
    used = { calls: 0, tokens: 0 };
  }

  const budget: DailyBudget = {
    isDue(at) {
      begin(at);
      // A clock that was set back must not make us wait for the time it came from.
      return isLeft() && (at >= dueAt || at < askedAt);
    },
    spend(at, asked) {
      begin(at);
      used = { calls: used.calls + 1, tokens: used.tokens + asked.tokens };
      askedAt = at;
      wrongInARow = asked.wentWell ? 0 : wrongInARow + 1;
      const isAskedAgain = wrongInARow > 0 && wrongInARow <= AGAIN_MAX;
      dueAt = isAskedAgain ? at : at + ((day + 1) * DAY_MS - at) / Math.max(1, callsLeft(asked.tokens));
    },
    left(at) {
      begin(at);
      return Math.max(0, Math.min(1 - used.calls / calls, 1 - used.tokens / tokens));
    },
  };
  return budget;

  function isLeft(): boolean {
    return used.calls < calls && used.tokens < tokens;
  }

  /** As many as there are when each costs as much as the last. */
  function callsLeft(cost: number): number {
    return Math.min(calls - used.calls, (tokens - used.tokens) / Math.max(1, cost));
  }
}
