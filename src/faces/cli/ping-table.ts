import type { PingView } from '../http/contract.ts';
import { bad, dim, good, line, type Styled } from './styled.ts';
import { type Column, table } from './table.ts';
import { ago, latencyWords, roughly } from './time-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'reported', isNumeric: true },
  { title: 'what' },
  { title: 'took', isNumeric: true },
  { title: 'it says', mayShrink: true },
];
const WORDS: Readonly<Record<PingView['outcome'], Styled>> = {
  success: good('✓ success'),
  failure: bad('✗ failure'),
  started: dim('began'),
  log: dim('noted'),
};
const SHOWN_MAX = 10;
const LINES_MAX = 20;

/** What a job told lately, newest first. */
export function pingTable(pings: readonly PingView[], now: number, columns: number | null): readonly Styled[] {
  const rows = pings
    .slice(0, SHOWN_MAX)
    .map((ping) => [ago(ping.at, now), WORDS[ping.outcome], tookWords(ping), saysWords(ping)]);
  return table(COLUMNS, rows, columns);
}

/** The latest that came with a text, and the end of that text: there is what went wrong. */
export function latestOutput(pings: readonly PingView[], now: number): readonly Styled[] {
  const latest = pings.find(({ body }) => body !== null);
  if (latest?.body === undefined || latest.body === null) return [];
  const lines = latest.body.trimEnd().split('\n');
  const shown = lines.slice(-LINES_MAX);
  const left = lines.length - shown.length;
  return [
    line`Sent ${ago(latest.at, now)}${left === 0 ? '' : `, after ${left} more lines that --json has`}:`,
    ...shown.map((each) => line`  ${each}`),
  ];
}

function tookWords({ durationMs, latencyMs }: PingView): string {
  if (durationMs !== null) return roughly(durationMs);
  return latencyMs === null ? '-' : latencyWords(latencyMs);
}

function saysWords({ message, exitStatus, run }: PingView): string {
  const status = exitStatus === null || exitStatus === 0 ? null : `exit status ${exitStatus}`;
  return [message, status, run && `run ${run}`].filter((each) => each !== null && each !== '').join(', ') || '-';
}
