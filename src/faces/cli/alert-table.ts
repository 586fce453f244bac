import type { AlertView } from '../http/contract.ts';
import { bad, good, type Piece, type Styled, warning } from './styled.ts';
import { type Column, table } from './table.ts';
import { ago, roughly } from './time-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'alert', mayShrink: true },
  { title: 'state' },
  { title: 'severity' },
  { title: 'began', isNumeric: true },
  { title: 'lasted', isNumeric: true },
  { title: 'told', mayShrink: true },
  { title: 'why', mayShrink: true },
];

export function alertTable(alerts: readonly AlertView[], now: number, columns: number | null): readonly Styled[] {
  const rows = alerts.map((alert) => [
    alert.title,
    alert.state === 'open' ? openWord(alert) : good('✓ over'),
    alert.severity,
    ago(alert.openedAt, now),
    roughly((alert.resolvedAt === null ? now : Date.parse(alert.resolvedAt)) - Date.parse(alert.openedAt)),
    alert.toldTo.length === 0 ? warning('nobody') : alert.toldTo.join(', '),
    whyWords(alert),
  ]);
  return table(COLUMNS, rows, columns);
}

function openWord({ severity }: AlertView): Piece {
  return severity === 'critical' ? bad('✗ open') : warning('! open');
}

function whyWords({ reason, affected, cause }: AlertView): string {
  const others = affected.filter((each) => each !== cause);
  const also = others.length === 0 ? '' : ` (with ${others.join(', ')})`;
  return `${reason ?? 'no reason given'}${also}`;
}
