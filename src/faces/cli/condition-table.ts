import type { ConditionView } from '../http/contract.ts';
import { bad, good, type Styled, warning } from './styled.ts';
import { type Column, table } from './table.ts';

const COLUMNS: readonly Column[] = [{ title: '' }, { title: 'expected', mayShrink: true }, { title: 'found' }];

/** What was found beside what was expected, in the order of the manifest. */
export function conditionTable(conditions: readonly ConditionView[], columns: number | null): readonly Styled[] {
  const rows = conditions.map(({ condition, actual, ...outcome }) => [mark(outcome), condition, actual ?? 'not known']);
  return table(COLUMNS, rows, columns);
}

function mark({ holds, otherwise }: Pick<ConditionView, 'holds' | 'otherwise'>): Styled {
  if (holds) return good('✓');
  return otherwise === 'down' ? bad('✗ down') : warning('! degraded');
}
