import type { PartView } from '../http/contract.ts';
import { type Styled, stateWord } from './styled.ts';
import { type Column, table } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'part', mayShrink: true },
  { title: 'state' },
  { title: 'it says', mayShrink: true },
];

/** What the target says of its own parts, in its order. */
export function partTable(parts: readonly PartView[], columns: number | null): readonly Styled[] {
  const rows = parts.map(({ name, state, detail }) => [name, stateWord(state), detail ?? '-']);
  return table(COLUMNS, rows, columns);
}
