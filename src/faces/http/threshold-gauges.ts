import { Gauge, type Registry } from '@prometheus-io/client';
import type { ThresholdFacts } from '../../contracts/facts.ts';
import type { GaugeGroup } from './prometheus.ts';

export function thresholdGauges(registry: Registry, facts: ThresholdFacts): GaugeGroup {
  const crossed = new Gauge({
    name: 'evenkeel_threshold_crossed',
    help: '1 while a reading is beyond its limit, at its worst level since then; no line while it is not.',
    labelNames: ['rule', 'monitor', 'reading', 'level'],
    registers: [registry],
  });

  const refresh = async () => {
    const now = await facts.crossed();
    // What is well again must disappear, not stay as it last was.
    crossed.reset();
    for (const { rule, monitor, reading, level } of now) crossed.set({ rule, monitor, reading, level }, 1);
  };
  return { gauges: [crossed], refresh };
}
