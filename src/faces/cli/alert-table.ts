import type { AlertMessageView, AlertView } from '../http/contract.ts';
import { attemptWords } from './attempt-words.ts';
import { bad, good, line, type Piece, type Styled, warning } from './styled.ts';
import { type Column, table } from './table.ts';
import { ago, roughly } from './time-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'alert', mayShrink: true },
  { title: 'state' },
  { title: 'severity' },
  { title: 'began', isNumeric: true },
  { title: 'lasted', isNumeric: true },
  { title: 'told', mayShrink: true },
];

/** Alerts; below each, on lines of their own, why, and who was not told. */
export function alertTable(alerts: readonly AlertView[], now: number, columns: number | null): readonly Styled[] {
  const rows = alerts.map((alert) => [
    alert.title,
    alert.state === 'open' ? openWord(alert) : good('✓ over'),
    alert.severity,
    ago(alert.openedAt, now),
    roughly((alert.resolvedAt === null ? now : Date.parse(alert.resolvedAt)) - Date.parse(alert.openedAt)),
    toldWords(alert),
  ]);
  const [head, ...lines] = table(COLUMNS, rows, columns);
  const told = lines.flatMap((each, index) => [each, ...linesBelow(alerts[index], now)]);
  return head === undefined ? told : [head, ...told];
}

function openWord({ severity }: AlertView): Piece {
  return severity === 'critical' ? bad('✗ open') : warning('! open');
}

/** Only those whom the message has reached, or may have long ago. */
function toldWords({ messages }: AlertView): Piece {
  const told = messages.flatMap(({ channel, state }) => {
    if (state === null) return [`${channel} (?)`];
    return state === 'delivered' ? [channel] : [];
  });
  if (told.length > 0) return told.join(', ');
  return warning(messages.some(({ state }) => state !== 'dead') ? 'nobody yet' : 'nobody');
}

function linesBelow(alert: AlertView | undefined, now: number): readonly Styled[] {
  if (alert === undefined) return [];
  return [line`  ${whyWords(alert)}`, ...alert.messages.flatMap((message) => untoldLines(message, now))];
}

function whyWords({ reason, affected, cause }: AlertView): string {
  const others = affected.filter((each, index) => each !== cause && !isToldAlready(each, index, cause));
  const also = others.length === 0 ? '' : ` (with ${others.join(', ')})`;
  return `${reason ?? 'no reason given'}${also}`;
}

/** A reading of the cause itself, or the one that crossed the limit first, is what the reason tells of. */
function isToldAlready(affected: string, index: number, cause: string): boolean {
  return affected.endsWith(` of ${cause}`) || (index === 0 && cause.includes(' of ') && affected.includes(' of '));
}

function untoldLines({ channel, state, lastAttempt }: AlertMessageView, now: number): readonly Styled[] {
  if (state === null || state === 'delivered') return [];
  const why = lastAttempt === null ? '' : line`; ${attemptWords(lastAttempt, now)}`;
  return [line`  ${UNTOLD[state](channel)}${why}`];
}

const UNTOLD = {
  dead: (channel: string) => line`${bad(`✗ ${channel}`)}: given up`,
  waiting: (channel: string) => line`${warning(`! ${channel}`)}: waiting`,
  sending: (channel: string) => line`${warning(`! ${channel}`)}: being sent`,
};
