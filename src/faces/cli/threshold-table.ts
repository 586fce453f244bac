import type { Clock } from '../../kernel/clock.ts';
import type { ThresholdCrossedView, ThresholdView } from '../http/contract.ts';
import { bad, dim, line, type Piece, type Styled, warning } from './styled.ts';
import { type Column, table } from './table.ts';
import { lasting } from './time-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'rule', mayShrink: true },
  { title: 'reading', mayShrink: true },
  { title: 'warning' },
  { title: 'critical' },
  { title: 'runbook', mayShrink: true },
  { title: 'now' },
];

interface Terminal {
  readonly clock: Pick<Clock, 'now'>;
  readonly columns: number | null;
}

/** Rules in force; below each, on lines of their own, what is beyond its limit and for how long. */
export function thresholdTable(
  thresholds: readonly ThresholdView[],
  crossed: readonly ThresholdCrossedView[],
  { clock, columns }: Terminal,
): readonly Styled[] {
  const crossedBy = Map.groupBy(crossed, ({ rule }) => rule);
  const rows = thresholds.map((threshold) => [
    threshold.rule,
    readingWords(threshold),
    limitOf(threshold, 'warning'),
    limitOf(threshold, 'critical'),
    threshold.runbook,
    nowWord(crossedBy.get(threshold.rule) ?? []),
  ]);
  const [head, ...lines] = table(COLUMNS, rows, columns);
  const told = lines.flatMap((each, index) => {
    const own = crossedBy.get(thresholds[index]?.rule ?? '') ?? [];
    return [each, ...own.map((crossing) => crossingLine(crossing, clock.now()))];
  });
  return head === undefined ? told : [head, ...told];
}

function readingWords({ reading, monitors }: ThresholdView): string {
  return monitors === null ? reading : `${reading} of ${monitors.join(', ')}`;
}

function limitOf({ levels }: ThresholdView, level: 'warning' | 'critical'): string {
  return levels.find((each) => each.level === level)?.words ?? '-';
}

/** A rule that is not crossed is not called well: perhaps nobody measures what it is about. */
function nowWord(crossed: readonly ThresholdCrossedView[]): Piece {
  if (crossed.length === 0) return dim('-');
  return levelWord(crossed.some(({ level }) => level === 'critical') ? 'critical' : 'warning');
}

function levelWord(level: ThresholdCrossedView['level']): Piece {
  return level === 'critical' ? bad('✗ critical') : warning('! warning');
}

function crossingLine({ level, monitor, reason, since }: ThresholdCrossedView, now: number): Styled {
  // As wide as the longer of the two, so that what follows stands below each other.
  const padding = level === 'critical' ? '' : ' ';
  return line`  ${levelWord(level)}${padding}  ${monitor} for ${lasting(since, now)}: ${reason}`;
}
