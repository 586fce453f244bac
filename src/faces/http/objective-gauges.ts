import { Gauge, type Registry } from '@prometheus-io/client';
import type { ObjectiveFacts } from '../../contracts/facts.ts';
import { formatDuration } from '../../kernel/duration.ts';
import type { GaugeGroup } from './prometheus.ts';

/** What is not known has no line: neither a promise nobody has measured yet, nor a window with too few checks. */
export function objectiveGauges(registry: Registry, facts: ObjectiveFacts): GaugeGroup {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({
      name: `evenkeel_objective_${name}`,
      help,
      labelNames: ['objective', 'monitor', ...labelNames],
      registers: [registry],
    });
  const target = gauge('target_ratio', 'What was promised, 0 to 1.');
  const reached = gauge('reached_ratio', 'What was reached over its window so far, 0 to 1.');
  const left = gauge('budget_left_ratio', 'Share of the error budget that is left; below 0 it is overspent.');
  const speed = gauge('burn_rate', 'How fast the budget is spent; 1 spends exactly all of it.', 'window');

  const gauges = [target, reached, left, speed];

  const refresh = async () => {
    const objectives = await facts.objectives();
    // What is no longer promised must disappear, not stay as it last was.
    for (const each of gauges) each.reset();
    for (const objective of objectives) {
      const labels = { objective: objective.name, monitor: objective.monitor };
      target.set(labels, objective.target);
      if (objective.reached !== null) reached.set(labels, objective.reached);
      if (objective.budgetLeft !== null) left.set(labels, objective.budgetLeft);
      for (const { longMs, longRate, shortMs, shortRate } of objective.burn) {
        if (longRate !== null) speed.set({ ...labels, window: formatDuration(longMs) }, longRate);
        if (shortRate !== null) speed.set({ ...labels, window: formatDuration(shortMs) }, shortRate);
      }
    }
  };
  return { gauges, refresh };
}
