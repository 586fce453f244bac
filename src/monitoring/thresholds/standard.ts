import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { Rule, Step } from './rule.ts';

const ABOVE = { side: 'above', monitors: null } as const;
const SHARE = { ...ABOVE, unit: 'share' } as const;

const warning = (limit: number, forMs = 0): Step => ({ level: 'warning', limit, forMs });
const critical = (limit: number, forMs = 0): Step => ({ level: 'critical', limit, forMs });

/** Metric, limit, level, runbook: what production is watched for unless the manifest says otherwise. */
const standard: readonly Rule[] = [
  { ...SHARE, name: 'high-error-rate', reading: 'error_rate', steps: [critical(0.05)], runbook: 'high-error-rate' },
  {
    ...ABOVE,
    name: 'high-latency',
    reading: 'p95',
    unit: 'ms',
    steps: [warning(SECOND_MS)],
    runbook: 'high-latency',
  },
  {
    ...SHARE,
    name: 'high-cpu',
    reading: 'cpu',
    steps: [warning(0.8, 10 * MINUTE_MS), critical(0.9, 15 * MINUTE_MS)],
    runbook: 'high-resource-usage',
  },
  { ...SHARE, name: 'high-memory', reading: 'memory', steps: [critical(0.9)], runbook: 'high-resource-usage' },
  { ...SHARE, name: 'db-pool', reading: 'db_pool', steps: [warning(0.9)], runbook: 'database-errors' },
  { ...SHARE, name: 'disk-space', reading: 'disk', steps: [warning(0.8), critical(0.9)], runbook: 'disk-space' },
];

/** The standard with other limits for some of its rules. */
function standardBut(changes: Readonly<Record<string, Rule['steps']>>): readonly Rule[] {
  return standard.map((rule) => ({ ...rule, steps: changes[rule.name] ?? rule.steps }));
}

/**
 * Where documents disagree about a number, each has a preset of its own; the standard takes the stricter one.
 * `key-metrics` is the table of metrics in the overview, `cost-policy` the alerts about resources that cost money.
 */
export const PRESETS = {
  standard,
  'key-metrics': standardBut({ 'high-cpu': [warning(0.8)], 'disk-space': [warning(0.85)] }),
  'cost-policy': standardBut({ 'high-cpu': [warning(0.9, 15 * MINUTE_MS)], 'disk-space': [warning(0.8)] }),
  none: [],
} as const satisfies Readonly<Record<string, readonly Rule[]>>;

export type PresetName = keyof typeof PRESETS;
