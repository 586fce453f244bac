import type { Limit } from './limit.ts';
import type { Rule, Step } from './rule.ts';
import type { RuleEntry, ThresholdEntries } from './section.ts';
import { PRESETS } from './standard.ts';

/** The rules in force: those of the preset, changed, taken away and added to by name. */
export function rulesOf({ preset = 'standard', ...entries }: ThresholdEntries): readonly Rule[] {
  const rules = new Map<string, Rule>(PRESETS[preset].map((rule) => [rule.name, rule]));
  for (const [name, entry] of Object.entries(entries)) {
    if (typeof entry === 'object') rules.set(name, ruleOf(name, entry));
    else rules.delete(name);
  }
  return [...rules.values()];
}

function ruleOf(name: string, entry: RuleEntry): Rule {
  const { reading, runbook, monitors = null } = entry;
  const side = entry.above === undefined ? 'below' : 'above';
  const limits = entry.above ?? entry.below;
  if (limits === undefined) throw new Error('The schema lets no rule without a limit through.');
  const { unit } = 'value' in limits ? limits : limits.warning;
  return { name, reading, side, unit, steps: stepsOf(entry, limits), runbook, monitors };
}

function stepsOf(
  { level = 'warning', for: written = 0 }: RuleEntry,
  limits: Limit | { readonly warning: Limit; readonly critical: Limit },
): [Step, ...Step[]] {
  const times = typeof written === 'number' ? { warning: written, critical: written } : written;
  if ('value' in limits) return [{ level, limit: limits.value, forMs: times[level] }];
  return [
    { level: 'warning', limit: limits.warning.value, forMs: times.warning },
    { level: 'critical', limit: limits.critical.value, forMs: times.critical },
  ];
}
