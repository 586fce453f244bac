import path from 'node:path';
import type { ProblemView } from '../http/contract.ts';
import type { CliContext } from './context.ts';
import { bad, bold, clip, dim, line, type Piece, type Styled } from './styled.ts';

const MANIFEST_BYTES_MAX = 1024 * 1024;

/**
 * A problem as compilers show them: the place, the sentence, the line with a mark under it, what to do. The line
 * itself appears on a terminal only: it may hold a password, and what is not a terminal is often a log of many.
 */
export async function problemLines(
  severity: Styled,
  problem: ProblemView,
  context: Pick<CliContext, 'files' | 'folder' | 'columns'>,
): Promise<readonly Piece[]> {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(':');
  const head = line`${bold(place)}  ${severity}: ${problem.message}`;
  const hint = problem.hint === null ? [] : [line`  ${problem.hint}`];
  return [head, ...(await excerpt(problem, context)), ...hint, ''];
}

async function excerpt(
  { file, line: row, column }: ProblemView,
  { files, folder, columns }: Pick<CliContext, 'files' | 'folder' | 'columns'>,
): Promise<readonly Piece[]> {
  if (columns === null || row === null) return [];
  const text = await files.read(path.resolve(folder, file), { bytesMax: MANIFEST_BYTES_MAX }).catch(() => undefined);
  const source = text?.split('\n')[row - 1]?.replaceAll('\t', ' ');
  if (source === undefined) return [];
  const number = String(row).padStart(5);
  const lines: Piece[] = [line`${dim(`${number} │`)} ${clip(source, columns - 8)}`];
  const isInSight = column !== null && column <= columns - 8;
  if (isInSight) lines.push(line`${dim('      │')} ${' '.repeat(column - 1)}${bad('^')}`);
  return lines;
}
