import { formatDuration } from '../../kernel/duration.ts';
import { printValue } from './limit.ts';
import type { Rule, Step } from './rule.ts';

/** As it stands in a table: `> 80% for 10m`, `< 3`. */
export function limitWords({ side, unit }: Pick<Rule, 'side' | 'unit'>, { limit, forMs }: Step): string {
  const lasting = forMs > 0 ? ` for ${formatDuration(forMs)}` : '';
  return `${side === 'above' ? '>' : '<'} ${printValue(limit, unit)}${lasting}`;
}
