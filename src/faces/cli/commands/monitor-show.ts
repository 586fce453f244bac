import type { MonitorDetailView } from '../../http/contract.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { fields } from '../fields.ts';
import { argument, integer, JSON_FLAG } from '../options.ts';
import { partTable } from '../part-table.ts';
import { latestOutput, pingTable } from '../ping-table.ts';
import { readingsWords } from '../reading-words.ts';
import { bold, line, stateWord } from '../styled.ts';
import { table } from '../table.ts';
import { ago, instantWords, lasting, latencyWords, percentWords, roughly } from '../time-words.ts';

type Availability = MonitorDetailView['history']['availability'];

/** Less than this is told as a duration. */
const COVERAGE_MIN = 0.01;

export const monitorShow = defineCommand({
  name: 'monitor show',
  kind: 'read',
  summary: 'One monitor: state, uptime and what went wrong lately.',
  description:
    'Uptime is the share of known time in which it worked; time in which nothing is known counts as unknown, never as up.',
  arguments: { monitor: argument('Its name in the manifest.') },
  options: {
    days: integer('number', { min: 1, max: 90 }, 'Days of history, including today. Default: 90.'),
    json: JSON_FLAG,
  },
  exitStatus: { 0: 'Answered.', 4: 'There is no such monitor.' },
  examples: [
    'evenkeel monitor show checkout',
    'evenkeel monitor show checkout --days 7',
    "evenkeel monitor show checkout --json | jq '.history.availability.ratio'",
  ],

  async run({ monitor: name, days, json }, context) {
    const input = days === undefined ? { name } : { name, days };
    const monitor = await context.api.call('GET /api/v1/monitors/:name', input);
    if (json) context.json(monitor);
    else tell(monitor, context);
    return EXIT.ok;
  },
});

function tell(monitor: MonitorDetailView, context: CliContext): void {
  const { out, clock } = context;
  const { history, rootCause, name } = monitor;
  const { availability, days } = history;
  const now = clock.now();
  out(
    line`${bold(name)}  ${stateWord(monitor.state)}${monitor.since === null ? '' : ` for ${lasting(monitor.since, now)}`}`,
  );
  const rows = fields({
    about: monitor.description,
    watches: `${monitor.type} ${monitor.target}`,
    reason: monitor.reason,
    'latest check': monitor.unconfirmed,
    'comes from': rootCause === name ? null : rootCause,
    checked: `${monitor.lastCheckedAt === null ? 'not yet' : ago(monitor.lastCheckedAt, now)}, every ${roughly(monitor.intervalMs)}`,
    latency: monitor.latencyMs === null ? null : latencyWords(monitor.latencyMs),
    measured: readingsWords(monitor.readings),
    'depends on': monitor.dependsOn.length === 0 ? null : monitor.dependsOn.join(', '),
    'report to': monitor.pingUrl,
    uptime: uptimeWords(availability, days.length),
    picture: pictureWords(monitor, now),
  });
  for (const each of rows) out(each);
  tellPlaces(monitor, context);
  tellParts(monitor, context);
  tellPings(monitor, context);
  tellTroubles(monitor, context);
}

/** The latest; `curl` with a token fetches it. */
function pictureWords({ pictures }: MonitorDetailView, now: number): string | null {
  const [latest] = pictures ?? [];
  return latest === undefined ? null : `${ago(latest.at, now)}, ${latest.url}`;
}

function tellTroubles({ history: { troubles } }: MonitorDetailView, { out, columns }: CliContext): void {
  if (troubles.length === 0) return;
  out('');
  const head = [
    { title: 'trouble' },
    { title: 'began' },
    { title: 'lasted', isNumeric: true },
    { title: 'reason', mayShrink: true },
  ];
  const lines = troubles
    .slice(0, 10)
    .map(({ state, startedAt, endedAt, reason }) => [
      stateWord(state),
      instantWords(startedAt),
      endedAt === null ? 'still' : roughly(Date.parse(endedAt) - Date.parse(startedAt)),
      reason ?? '-',
    ]);
  for (const each of table(head, lines, columns)) out(each);
  if (troubles.length > 10) out(`and ${troubles.length - 10} more: --json has them all.`);
}

/** Which places have a vote, and what each of them found; nothing where only the server itself looks. */
function tellPlaces({ locations }: MonitorDetailView, { out, clock, columns }: CliContext): void {
  if (locations.length === 0) return;
  out('');
  const rows = locations.map(({ name, state, lastCheckedAt }) => [
    name,
    stateWord(state),
    lastCheckedAt === null ? 'never' : ago(lastCheckedAt, clock.now()),
  ]);
  const head = [{ title: 'from' }, { title: 'state' }, { title: 'checked', isNumeric: true }];
  for (const each of table(head, rows, columns)) out(each);
}

function tellParts({ parts }: MonitorDetailView, { out, columns }: CliContext): void {
  if (parts.length > 0) for (const each of ['', ...partTable(parts, columns)]) out(each);
}

function tellPings({ pings }: MonitorDetailView, { out, clock, columns }: CliContext): void {
  if (pings === null || pings.length === 0) return;
  out('');
  for (const each of pingTable(pings, clock.now(), columns)) out(each);
  const output = latestOutput(pings, clock.now());
  if (output.length > 0) for (const each of ['', ...output]) out(each);
}

/** A share of a share says little in the first hours; how long was measured does. */
function uptimeWords({ ratio, coverage, ms }: Availability, days: number): string {
  if (ratio === null) return `nothing was measured in ${days} days`;
  const measured = coverage < COVERAGE_MIN ? roughly(ms.up + ms.degraded + ms.down) : percentWords(coverage);
  return `${percentWords(ratio)} over ${days} days, of which ${measured} is known`;
}
