import { STATES } from '../../contracts/state.ts';
import type { MonitorView, StatusView } from '../http/contract.ts';
import { readingsWords } from './reading-words.ts';
import { type Styled, stateWord } from './styled.ts';
import { type Column, table } from './table.ts';
import { ago, lasting, latencyWords } from './time-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'monitor', mayShrink: true },
  { title: 'state' },
  { title: 'for', isNumeric: true },
  { title: 'latency', isNumeric: true },
  { title: 'checked', isNumeric: true },
  { title: 'what', mayShrink: true },
];

/** Monitors as people compare them: state first, the cause and the reason where there are any, else what is watched. */
export function monitorTable(monitors: readonly MonitorView[], now: number, columns: number | null): readonly Styled[] {
  const rows = monitors.map((monitor) => [
    monitor.name,
    stateWord(monitor.state),
    lasting(monitor.since, now),
    latencyWords(monitor.latencyMs),
    ago(monitor.lastCheckedAt, now),
    whatWords(monitor),
  ]);
  return table(COLUMNS, rows, columns);
}

function whatWords({ name, type, target, reason, rootCause, unconfirmed, readings }: MonitorView): string {
  if (unconfirmed !== null) return `latest check: ${unconfirmed}`;
  if (reason === null) return readingsWords(readings) ?? `${type} ${target}`;
  return rootCause === null || rootCause === name ? reason : `comes from ${rootCause}: ${reason}`;
}

/** `12 up, 1 down` */
export function countWords({ counts }: Pick<StatusView, 'counts'>): string {
  const words = STATES.filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${state}`);
  return words.length === 0 ? 'nothing is watched' : words.join(', ');
}
