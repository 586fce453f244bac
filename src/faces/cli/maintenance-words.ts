import type { MaintenanceView } from '../http/contract.ts';
import { dim, good, line, type Piece, type Styled, stateWord } from './styled.ts';
import { type Column, table } from './table.ts';
import { ago, instantWords, until } from './time-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'maintenance', mayShrink: true },
  { title: 'state' },
  { title: 'begins', isNumeric: true },
  { title: 'ends', isNumeric: true },
  { title: 'on', mayShrink: true },
  { title: 'id' },
];

const NAMES_MAX = 3;

export function maintenanceTable(
  windows: readonly MaintenanceView[],
  now: number,
  columns: number | null,
): readonly Styled[] {
  const rows = windows.map((window) => [
    window.title,
    stateOf(window),
    window.isOpen ? ago(window.startsAt, now) : until(window.startsAt, now),
    window.endsAt === null ? 'by hand' : until(window.endsAt, now),
    namesOf(window),
    window.id,
  ]);
  const [head, ...lines] = table(COLUMNS, rows, columns);
  const told = lines.flatMap((each, index) => [each, ...lineBelow(windows[index])]);
  return head === undefined ? told : [head, ...told];
}

/** When exactly, by whom and why. */
function lineBelow(window: MaintenanceView | undefined): readonly Styled[] {
  if (window === undefined) return [];
  const { startsAt, endsAt, startedBy, reason } = window;
  const times =
    endsAt === null ? `since ${instantWords(startsAt)}` : `${instantWords(startsAt)} to ${instantWords(endsAt)}`;
  const by = startedBy === null ? '' : `, by ${startedBy}`;
  return [line`  ${dim(`${times}${by}${reason === null ? '' : `: ${reason}`}`)}`];
}

function stateOf({ isOpen, pausesChecks }: MaintenanceView): Piece {
  if (!isOpen) return 'to come';
  return pausesChecks ? line`${stateWord('maintenance')}, paused` : stateWord('maintenance');
}

function namesOf({ monitors }: MaintenanceView): string {
  const shown = monitors.slice(0, NAMES_MAX).join(', ');
  return monitors.length > NAMES_MAX ? `${shown} and ${monitors.length - NAMES_MAX} more` : shown;
}

/** `until 2026-11-20 14:00:00Z (in 2h)` */
export function endWords({ endsAt }: MaintenanceView, now: number): string {
  return endsAt === null ? 'until somebody ends it' : `until ${instantWords(endsAt)} (${until(endsAt, now)})`;
}

export const DONE = good('✓');
