import type { BackupSourceView } from '../http/contract.ts';
import { proofWord } from './proof-word.ts';
import { sizeWords } from './size-words.ts';
import { bad, line, type Piece, type Styled, warning } from './styled.ts';
import { type Column, table } from './table.ts';
import { ago, roughly, until } from './time-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'service', mayShrink: true },
  { title: 'newest' },
  { title: 'taken', isNumeric: true },
  { title: 'size', isNumeric: true },
  { title: 'proven by a restore', mayShrink: true },
  { title: 'next', isNumeric: true },
];

/** How ready we are to lose each service; what failed last stands on a line of its own below. */
export function readinessTable(
  sources: readonly BackupSourceView[],
  now: number,
  columns: number | null,
): readonly Styled[] {
  const rows = sources.map((source) => [
    source.service,
    proofWord(source.level),
    ago(source.lastBackup?.takenAt ?? null, now),
    source.lastBackup === null ? '-' : sizeWords(source.lastBackup.bytes),
    proofWords(source, now),
    until(source.nextAt, now),
  ]);
  const [head, ...lines] = table(COLUMNS, rows, columns);
  const told = lines.flatMap((each, index) => [each, ...failureLines(sources[index], now)]);
  return head === undefined ? told : [head, ...told];
}

function proofWords({ lastProof }: BackupSourceView, now: number): Piece {
  return lastProof === null ? warning('never') : `${ago(lastProof.at, now)}, in ${roughly(lastProof.tookMs)}`;
}

function failureLines(source: BackupSourceView | undefined, now: number): readonly Styled[] {
  if (!source?.lastFailure) return [];
  const { at, reason, code } = source.lastFailure;
  return [line`  ${bad('✗ the last attempt failed')} ${ago(at, now)}: ${reason} (${code})`];
}
