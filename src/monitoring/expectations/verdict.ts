import type { CheckResult, ConditionOutcome } from '../monitor-type.ts';
import { type Answer, answerFrom } from './answer.ts';
import type { Condition } from './condition.ts';
import { evaluate } from './evaluate.ts';
import { asksFor, type Expectations } from './expectations.ts';
import type { Observed } from './observed.ts';

/** How every condition came out; a reason is there when one of its kind does not hold. */
export interface Verdict {
  readonly down: string | undefined;
  readonly degraded: string | undefined;
  readonly conditions: readonly ConditionOutcome[];
}

function verdictOn(expect: Expectations, observed: Observed): Verdict {
  return judge(expect, answerFrom(observed));
}

/** The same where more than the conditions asks of one answer. */
export function judge(expect: Expectations, answer: Answer): Verdict {
  const down = outcomes(expect.down, 'down', answer);
  const degraded = outcomes(expect.degraded, 'degraded', answer);
  return {
    down: reasonIn(down),
    degraded: reasonIn(degraded),
    conditions: [...down, ...degraded].map(({ outcome }) => outcome),
  };
}

export interface Measured {
  readonly latencyMs: number;
  /** Said in front of the reason, e.g. `shop.example/health: `. */
  readonly prefix?: string;
}

/** What a check found by itself, and what is expected beside it: the worse of the two counts. */
export function withExpectations(expect: Expectations | undefined, own: CheckResult, observed: Observed): CheckResult {
  if (expect === undefined) return own;
  const { down, degraded, conditions } = verdictOn(expect, observed);
  if (own.state === 'down') return { ...own, conditions };
  if (down !== undefined) return { ...own, state: 'down', reason: down, conditions };
  const reasons = [own.state === 'degraded' ? own.reason : undefined, degraded].filter(
    (reason) => reason !== undefined,
  );
  return reasons.length === 0
    ? { ...own, conditions }
    : { ...own, state: 'degraded', reason: reasons.join(' '), conditions };
}

export function resultOf({ down, degraded, conditions }: Verdict, { latencyMs, prefix = '' }: Measured): CheckResult {
  if (down !== undefined) return { state: 'down', latencyMs, reason: prefix + down, conditions };
  if (degraded !== undefined) return { state: 'degraded', latencyMs, reason: prefix + degraded, conditions };
  return { state: 'up', latencyMs, conditions };
}

/**
 * Nobody could be reached. That is `failure`, unless a condition on [CONNECTED] watches what must not be reachable, and
 * then all of them decide.
 */
export function unreached(expect: Expectations | undefined, failure: CheckResult, latencyMs: number): CheckResult {
  if (expect === undefined) return failure;
  const verdict = verdictOn(expect, { connected: false });
  if (asksFor(expect, 'CONNECTED') && verdict.down === undefined) return resultOf(verdict, { latencyMs });
  return { ...failure, conditions: verdict.conditions };
}

interface Outcome {
  readonly outcome: ConditionOutcome;
  readonly failure: string | undefined;
}

function outcomes(conditions: readonly Condition[], otherwise: ConditionOutcome['otherwise'], answer: Answer) {
  return conditions.map((condition): Outcome => {
    const { failure, ...rest } = evaluate(condition, answer);
    return { outcome: { ...rest, otherwise }, failure };
  });
}

function reasonIn(judged: readonly Outcome[]): string | undefined {
  const failures = judged.flatMap(({ failure }) => failure ?? []);
  return failures.length === 0 ? undefined : failures.join(' ');
}
