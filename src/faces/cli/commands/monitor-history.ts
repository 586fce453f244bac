import { DAY_MS } from '../../../kernel/clock.ts';
import type { AvailabilityView, LatencyPointView, ResultListView, UptimeView } from '../../http/contract.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { fields } from '../fields.ts';
import { argument, durationOption, integer, JSON_FLAG } from '../options.ts';
import { bold, dim, line, type Piece, type Styled, stateWord } from '../styled.ts';
import { type Column, table } from '../table.ts';
import { instantWords, latencyWords, percentWords, roughly } from '../time-words.ts';

const RESULT_COLUMNS: readonly Column[] = [
  { title: 'at' },
  { title: 'result' },
  { title: 'latency', isNumeric: true },
  { title: 'reason', mayShrink: true },
];
const UPTIME_COLUMNS: readonly Column[] = [
  { title: 'when' },
  { title: 'uptime', isNumeric: true },
  { title: 'down', isNumeric: true },
  { title: 'degraded', isNumeric: true },
  { title: 'known', isNumeric: true },
];
const CHANGE_COLUMNS: readonly Column[] = [
  { title: 'since' },
  { title: 'state' },
  { title: 'lasted', isNumeric: true },
  { title: 'reason', mayShrink: true },
];

export const monitorHistory = defineCommand({
  name: 'monitor history',
  kind: 'read',
  summary: 'Uptime, speed, latest changes and latest checks of one monitor.',
  description:
    'Uptime is the share of known time in which it worked; `known` says how much that is. The checks at the end are raw results, newest first, before confirmation turns them into a state.',
  arguments: { monitor: argument('Its name in the manifest.') },
  options: {
    since: durationOption('duration', 'How far back for speed and checks. Default: 1d.'),
    limit: integer('number', { min: 1, max: 1000 }, 'At most so many checks. Default: 50.'),
    json: JSON_FLAG,
  },
  exitStatus: { 0: 'Answered.', 4: 'There is no such monitor.' },
  examples: [
    'evenkeel monitor history checkout',
    'evenkeel monitor history checkout --since 7d --limit 1000 --json',
    "evenkeel monitor history checkout --json | jq '.uptime[3].availability.ratio'",
  ],

  async run({ monitor: name, since = DAY_MS, limit = 50, json }, context) {
    const from = new Date(context.clock.now() - since).toISOString();
    const checks = await context.api.call('GET /api/v1/monitors/:name/results', { name, since: from, limit });
    const uptime = await context.api.call('GET /api/v1/monitors/:name/uptime', { name });
    const latency = await context.api.call('GET /api/v1/monitors/:name/latency', { name, since: from });
    if (json) {
      context.json({ ...checks, uptime: uptime.windows, months: uptime.months, changes: uptime.changes, latency });
      return EXIT.ok;
    }
    const sections = [
      uptimeLines(uptime, context),
      latencyLines(latency.whole, since),
      changeLines(uptime, context),
      checkLines(checks, context),
    ].filter((lines) => lines.length > 0);
    for (const [index, lines] of sections.entries()) {
      if (index > 0) context.out('');
      for (const each of lines) context.out(each);
    }
    if (checks.results.length === 0) context.note('No check in that time.');
    return EXIT.ok;
  },
});

/** Windows up to now, and then the months as they were published. */
function uptimeLines({ windows, months }: UptimeView, { columns }: CliContext): readonly Styled[] {
  const rows = [
    ...windows.map(({ from, to, availability }) => uptimeRow(roughly(Date.parse(to) - Date.parse(from)), availability)),
    ...months.map(({ month, isFrozen, availability }) => uptimeRow(isFrozen ? month : `${month} so far`, availability)),
  ];
  return table(UPTIME_COLUMNS, rows, columns);
}

function uptimeRow(when: string, { ratio, coverage, ms }: AvailabilityView): readonly Piece[] {
  return [when, bold(percentWords(ratio)), lasted(ms.down), lasted(ms.degraded), percentWords(coverage)];
}

/** Nothing is easier to read than a zero. */
function lasted(ms: number): string {
  return ms === 0 ? '-' : roughly(ms);
}

function latencyLines(whole: LatencyPointView, since: number): readonly Styled[] {
  const { checks, failures, p50Ms, p95Ms, p99Ms, minMs, maxMs } = whole;
  if (checks === 0) return [];
  const speed = line`half within ${bold(latencyWords(p50Ms))}, 95 % within ${bold(latencyWords(p95Ms))}, 99 % within ${bold(latencyWords(p99Ms))} ${dim(`(${latencyWords(minMs)} to ${latencyWords(maxMs)})`)}`;
  return fields({
    [`speed, ${roughly(since)}`]: p50Ms === null ? null : speed,
    checks: `${checks.toLocaleString('en')}, of which ${failures.toLocaleString('en')} failed`,
  });
}

function changeLines({ changes }: UptimeView, { clock, columns }: CliContext): readonly Styled[] {
  if (changes.length === 0) return [];
  const rows = changes.map(({ at, state, reason }, index) => {
    const later = changes[index - 1];
    const until = later === undefined ? clock.now() : Date.parse(later.at);
    return [instantWords(at), stateWord(state), roughly(until - Date.parse(at)), reason ?? '-'];
  });
  return table(CHANGE_COLUMNS, rows, columns);
}

function checkLines({ results }: ResultListView, { columns }: CliContext): readonly Styled[] {
  if (results.length === 0) return [];
  const rows = results.map(({ at, state, latencyMs, reason }) => [
    instantWords(at),
    stateWord(state),
    latencyWords(latencyMs),
    reason ?? '-',
  ]);
  return table(RESULT_COLUMNS, rows, columns);
}
