import { amount } from '../amount.ts';
import { defineCommand } from '../command.ts';
import type { CliContext, MigrationPlan } from '../context.ts';
import { errors } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import { DRY_RUN_FLAG, JSON_FLAG, text } from '../options.ts';
import { bold, good, line } from '../styled.ts';

export const selfMigrate = defineCommand({
  name: 'self migrate',
  kind: 'change',
  summary: 'Bring the database to the schema of this version, or take steps back.',
  description: [
    '`evenkeel serve` brings it forward by itself. Taking steps back is for returning to an older version: run it with the newer one, with every server stopped.',
    'A step taken back may delete the data it had added, so it has to be confirmed with the name of the database.',
  ].join('\n'),
  options: {
    downTo: text('step', 'Undo every step after this one.'),
    confirm: text('name', 'The name of the database, as --dry-run shows it.'),
    dryRun: DRY_RUN_FLAG,
    json: JSON_FLAG,
  },
  exitStatus: { 0: 'Done, or nothing to do.', 2: 'It was not confirmed.', 4: 'There is no such step.' },
  examples: [
    'evenkeel self migrate --dry-run',
    'evenkeel self migrate --down-to monitoring/2026-11-20-monitor --dry-run',
    'evenkeel self migrate --down-to monitoring/2026-11-20-monitor --confirm evenkeel.db',
  ],

  async run({ downTo, confirm, dryRun, json }, { offline, ...terminal }) {
    const plan = await offline.planMigration(downTo);
    if (!dryRun) demandConfirmation(plan, confirm);
    const done = dryRun ? plan : await offline.migrate(downTo);
    if (json) terminal.json({ isDryRun: dryRun, ...done });
    else tell(done, dryRun, terminal);
    return EXIT.ok;
  },
});

function demandConfirmation(plan: MigrationPlan, confirm: string | undefined): void {
  const isSevere = plan.direction === 'down' && plan.steps.length > 0;
  if (!isSevere || confirm === plan.database) return;
  const what = `This takes back ${amount(plan.steps.length, 'step')} in ${plan.database}, with the data in them.`;
  throw errors.CLI_CONFIRMATION_MISSING({ what, name: plan.database });
}

function tell(plan: MigrationPlan, isDryRun: boolean, { out }: Pick<CliContext, 'out'>): void {
  const { steps, direction, database } = plan;
  const [sign, would, did] = direction === 'up' ? ['+', 'do', 'Did'] : ['-', 'take back', 'Took back'];
  for (const step of steps) out(`  ${sign} ${step}`);
  if (steps.length === 0) out(line`${good('✓')} ${bold(database)}: nothing to do.`);
  else if (isDryRun) out(line`Would ${would} ${amount(plan.steps.length, 'step')} in ${bold(database)}.`);
  else out(line`${good('✓')} ${did} ${amount(plan.steps.length, 'step')} in ${bold(database)}.`);
}
