import type { ObjectiveView } from '../http/contract.ts';
import { budgetBar, budgetWords, objectiveWord, rateWords, shareWords } from './budget-words.ts';
import type { Styled } from './styled.ts';
import { type Column, table } from './table.ts';

const COLUMNS: readonly Column[] = [
  { title: 'objective', mayShrink: true },
  { title: 'promise', mayShrink: true },
  { title: 'reached', isNumeric: true },
  { title: 'budget' },
  { title: '', isNumeric: true },
  { title: 'burns', isNumeric: true },
  { title: 'now' },
];

/** Promises as people compare them: what was reached, how much of the budget is left, and how fast it goes. */
export function objectiveTable(objectives: readonly ObjectiveView[], columns: number | null): readonly Styled[] {
  const rows = objectives.map((objective) => [
    objective.name,
    objective.promise,
    shareWords(objective.reached),
    budgetBar(objective),
    budgetWords(objective),
    rateWords(objective.burnRate),
    objectiveWord(objective),
  ]);
  return table(COLUMNS, rows, columns);
}
