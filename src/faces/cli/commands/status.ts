import { HOUR_MS } from '../../../kernel/clock.ts';
import type { DeliveryView, StatusView } from '../../http/contract.ts';
import { alertTable } from '../alert-table.ts';
import { amount } from '../amount.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { deliveryTable } from '../delivery-table.ts';
import { EXIT } from '../exit-codes.ts';
import { healthWord } from '../health-word.ts';
import { countWords, monitorTable } from '../monitor-table.ts';
import { flag, JSON_FLAG } from '../options.ts';
import { readinessTable } from '../readiness-table.ts';
import { bold, dim, line, stateWord, warning } from '../styled.ts';
import { roughly } from '../time-words.ts';

export const status = defineCommand({
  name: 'status',
  kind: 'read',
  summary: 'The application and Evenkeel itself, on one screen.',
  description: 'Asking is not failing: the exit status is 0 whatever the state, unless --exit-code says otherwise.',
  options: {
    json: JSON_FLAG,
    exitCode: flag('Exit with 1 when anything is down.'),
  },
  exitStatus: { 0: 'Answered.', 1: 'With --exit-code: something is down.' },
  examples: ['evenkeel status', 'evenkeel status --exit-code', "evenkeel status --json | jq -r '.state'"],

  async run({ json, exitCode }, context) {
    const view = await context.api.call('GET /api/v1/status');
    if (json) context.json(view);
    else tell(view, context);
    return exitCode && view.counts.down > 0 ? EXIT.no : EXIT.ok;
  },
});

function tell(view: StatusView, context: CliContext): void {
  const { out, clock, columns } = context;
  const { app, environment, state, monitors, platform } = view;
  out(line`${bold(app ?? 'No manifest yet')} in ${environment}: ${stateWord(state)} (${countWords(view)})`);
  out('');
  if (monitors.length === 0) out('Nothing is watched yet. Describe the application with `evenkeel init`.');
  else for (const each of monitorTable(monitors, clock.now(), columns)) out(each);
  tellAlerts(view, context);
  tellUndelivered(view, context);
  tellReadiness(view, context);
  out('');
  out(
    line`${bold(`Evenkeel ${platform.version}`)}: ${healthWord(platform.health)}, running for ${roughly(platform.uptimeMs)}`,
  );
  out(line`  database  ${healthWord(platform.database)}`);
  out(line`  manifest  ${healthWord(platform.manifest)}${manifestWords(view)}`);
}

/** Without a manifest the first line of the screen says so already. */
function manifestWords({ app, platform }: StatusView): string {
  if (platform.manifest === 'pass' || app === null) return '';
  return '  the newest was refused, the one before it holds: run `evenkeel check`';
}

/** More than this of one kind makes the rest of the screen hard to find. */
const SHOWN_MAX = 5;

function tellAlerts({ alerts }: StatusView, { out, clock, columns }: CliContext): void {
  out('');
  if (alerts.length === 0) out('No alert is open.');
  else for (const each of alertTable(alerts.slice(0, SHOWN_MAX), clock.now(), columns)) out(each);
  if (alerts.length > SHOWN_MAX) out(dim(`and ${alerts.length - SHOWN_MAX} more: evenkeel alert list --open`));
}

/** Nothing can be done any more about what was given up a while ago: it is only counted. */
function tellUndelivered({ undelivered }: StatusView, { out, clock, columns }: CliContext): void {
  const lost = undelivered.filter((each) => isLongLost(each, clock.now()));
  const recent = undelivered.filter((each) => !lost.includes(each));
  if (undelivered.length > 0) out('');
  if (recent.length > 0) {
    out(bold(warning('Messages that did not arrive')));
    for (const each of deliveryTable(recent.slice(0, SHOWN_MAX), clock.now(), columns)) out(each);
  }
  if (recent.length > SHOWN_MAX) out(dim(`and ${recent.length - SHOWN_MAX} more: evenkeel alert deliveries`));
  if (lost.length > 0) {
    out(line`${amount(lost.length, 'message')} given up more than an hour ago: ${dim('evenkeel alert deliveries')}`);
  }
}

function isLongLost({ state, attempts, queuedAt }: DeliveryView, now: number): boolean {
  return state === 'dead' && Date.parse(attempts.at(-1)?.at ?? queuedAt) < now - HOUR_MS;
}

function tellReadiness({ readiness }: StatusView, { out, clock, columns }: CliContext): void {
  out('');
  out(bold('How ready we are'));
  for (const each of readiness.length === 0 ? NOTHING_KEPT : readinessTable(readiness, clock.now(), columns)) out(each);
}

const NOTHING_KEPT = [
  'Nothing is backed up. Make keys with `evenkeel key create`,',
  'then say `backup: true` at a service in evenkeel.yaml.',
];
