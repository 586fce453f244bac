import type { BackupSourceView } from '../http/contract.ts';
import { proofWord } from './proof-word.ts';
import { sizeWords } from './size-words.ts';
import { bad, dim, line, type Piece, type Styled, warning } from './styled.ts';
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

/** How ready we are to lose each service; what is being done and what failed last stand below. */
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
  const told = lines.flatMap((each, index) => [each, ...linesBelow(sources[index], now)]);
  return head === undefined ? told : [head, ...told];
}

function proofWords({ lastProof }: BackupSourceView, now: number): Piece {
  return lastProof === null ? warning('never') : `${ago(lastProof.at, now)}, in ${roughly(lastProof.tookMs)}`;
}

function linesBelow(source: BackupSourceView | undefined, now: number): readonly Styled[] {
  return source === undefined ? [] : [...underWayLines(source, now), ...failureLines(source, now)];
}

const DOING: Readonly<Record<NonNullable<BackupSourceView['underWay']>['kind'], string>> = {
  backup: 'being backed up',
  verify: 'a backup is being read',
  prove: 'being proven by a restore',
  restore: 'being restored',
};

function underWayLines({ underWay }: BackupSourceView, now: number): readonly Styled[] {
  if (underWay === null) return [];
  const { kind, phase, bytes, startedAt } = underWay;
  const size = bytes === 0 ? '' : `, ${sizeWords(bytes)}`;
  return [line`  ${dim(`· ${DOING[kind]}`)}: ${phase ?? 'begins'}${size}, for ${roughly(now - Date.parse(startedAt))}`];
}

function failureLines({ lastFailure }: BackupSourceView, now: number): readonly Styled[] {
  if (lastFailure === null) return [];
  const { at, reason, code } = lastFailure;
  return [line`  ${bad('✗ the last attempt failed')} ${ago(at, now)}: ${reason} (${code})`];
}
