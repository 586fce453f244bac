import type { ProblemView } from '../http/contract.ts';
import type { ManifestProblem } from './context.ts';
import { bad, bold, clip, dim, line, type Piece, type Styled } from './styled.ts';

/** What the line number and its rule take before the line itself. */
const MARGIN = 8;

/** A problem as compilers show them: the place, the sentence, the line with a mark under it, what to do. */
export function problemLines(severity: Styled, problem: ManifestProblem, columns: number | null): readonly Piece[] {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(':');
  const head = line`${bold(place)}  ${severity}: ${problem.message}`;
  const hint = problem.hint ? [line`  ${problem.hint}`] : [];
  return [head, ...excerptLines(problem, columns), ...hint, ''];
}

/** The problem without its excerpt, as the API tells it as well. */
export function problemView({ file, line: row, column, message, hint = null }: ManifestProblem): ProblemView {
  return { file, line: row, column, message, hint };
}

function excerptLines({ line: row, column, excerpt }: ManifestProblem, columns: number | null): readonly Piece[] {
  if (columns === null || row === null || !excerpt) return [];
  const source = excerpt.replaceAll('\t', ' ');
  const lines: Piece[] = [line`${dim(`${String(row).padStart(5)} │`)} ${clip(source, columns - MARGIN)}`];
  const isInSight = column !== null && column <= columns - MARGIN;
  if (isInSight) lines.push(line`${dim('      │')} ${' '.repeat(column - 1)}${bad('^')}`);
  return lines;
}
