import type { ObjectiveFacts, ObjectiveNow } from '../../contracts/facts.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Budget } from './budget.ts';
import type { Objective } from './objective.ts';
import { promiseWords } from './promise-words.ts';
import { burnOf, CALM, nextStanding } from './standing.ts';
import { type SurveyDeps, type Surveyed, survey } from './survey.ts';

export interface ObjectiveFactsDeps extends SurveyDeps {
  readonly clock: Clock;
  readonly objectives: () => readonly Objective[];
}

/** Measured at the moment of the question; what burns and what is spent is what the keeper tells, or is about to. */
export function createObjectiveFacts(deps: ObjectiveFactsDeps): ObjectiveFacts {
  return {
    async objectives() {
      const now = deps.clock.now();
      const { surveyed } = await survey(deps, deps.objectives(), now);
      return surveyed.map((each) => objectiveNow(each, now));
    },
  };
}

function leftOf(kind: Objective['kind'], budget: Budget | null) {
  if (budget === null) return { budgetLeft: null, budgetLeftMs: null, budgetLeftChecks: null };
  const { ratio: budgetLeft, left } = budget;
  return kind === 'time'
    ? { budgetLeft, budgetLeftMs: Math.round(left), budgetLeftChecks: null }
    : { budgetLeft, budgetLeftMs: null, budgetLeftChecks: Math.floor(left) };
}

function objectiveNow({ objective, measurement, record }: Surveyed, now: number): ObjectiveNow {
  const { name, monitor, kind, target, pairs, whenSpent } = objective;
  const { from, to, reached, coverage, budget, rates, rate, goneAt } = measurement;
  const measured = { rates, budgetLeft: budget?.ratio ?? null };
  const { standing } = nextStanding(record?.standing ?? CALM, pairs, measured, now);
  return {
    name,
    monitor,
    kind,
    target,
    promise: promiseWords(objective),
    from,
    to,
    reached,
    coverage,
    ...leftOf(kind, budget),
    burnRate: rate,
    goneAt,
    burn: pairs.map(({ severity, longMs, shortMs, factor }, index) => ({
      severity,
      longMs,
      shortMs,
      factor,
      longRate: rates[index]?.long ?? null,
      shortRate: rates[index]?.short ?? null,
      isBurning: burnOf(standing, { severity, longMs, shortMs, factor }) !== undefined,
    })),
    isSpent: standing.isSpent,
    whenSpent,
  };
}
