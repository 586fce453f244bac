import type { ThresholdNow } from '../../contracts/facts.ts';
import { type ThresholdRule, thresholdLimitWords } from '../../monitoring/index.ts';
import type { ThresholdCrossedView, ThresholdView } from './threshold-contract.ts';
import { isoOf } from './views.ts';

export function thresholdView(threshold: ThresholdRule): ThresholdView {
  const { name, reading, side, unit, steps, runbook, monitors } = threshold;
  const levels = steps.map((step) => ({ ...step, words: thresholdLimitWords(threshold, step) }));
  return { rule: name, reading, side, unit, levels, runbook, monitors };
}

export function crossedView(crossed: ThresholdNow): ThresholdCrossedView {
  return { ...crossed, since: isoOf(crossed.since) };
}
