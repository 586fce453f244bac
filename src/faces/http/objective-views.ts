import type { ObjectiveNow } from '../../contracts/facts.ts';
import type { ObjectiveView } from './objective-contract.ts';
import { isoOf, isoOrNull } from './views.ts';

export function objectiveView(objective: ObjectiveNow): ObjectiveView {
  return {
    name: objective.name,
    monitor: objective.monitor,
    kind: objective.kind,
    target: objective.target,
    promise: objective.promise,
    from: isoOf(objective.from),
    to: isoOf(objective.to),
    reached: objective.reached,
    coverage: objective.coverage,
    budgetLeft: objective.budgetLeft,
    budgetLeftMs: objective.budgetLeftMs,
    budgetLeftChecks: objective.budgetLeftChecks,
    burnRate: objective.burnRate,
    goneAt: isoOrNull(objective.goneAt),
    burn: objective.burn.map(({ severity, longMs, shortMs, factor, longRate, shortRate, isBurning }) => ({
      severity,
      longMs,
      shortMs,
      factor,
      longRate,
      shortRate,
      isBurning,
    })),
    isSpent: objective.isSpent,
    whenSpent: objective.whenSpent,
  };
}
