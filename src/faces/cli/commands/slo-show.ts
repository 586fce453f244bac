import { formatDuration } from '../../../kernel/duration.ts';
import type { BurnView, ObjectiveView } from '../../http/contract.ts';
import { budgetBar, budgetWords, burnWord, objectiveWord, rateWords, shareWords } from '../budget-words.ts';
import { defineCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { fields } from '../fields.ts';
import { argument, JSON_FLAG } from '../options.ts';
import { bad, bold, dim, good, line, type Piece, warning } from '../styled.ts';
import { table } from '../table.ts';
import { instantWords, percentWords, until } from '../time-words.ts';

export const sloShow = defineCommand({
  name: 'slo show',
  kind: 'read',
  summary: 'One promise: its window, its budget, and how fast that is spent.',
  description:
    'A pair of windows burns when both lose more than their factor: the long one says that it matters, the short one that it goes on. The name of a service shows all its promises.',
  arguments: { name: argument('Name of the objective, e.g. "api p95", or of its service or monitor.') },
  options: { json: JSON_FLAG },
  exitStatus: { 0: 'Answered.', 4: 'There is no such promise.' },
  examples: [
    'evenkeel slo show api',
    'evenkeel slo show checkout',
    "evenkeel slo show api --json | jq '.objectives[0].budgetLeft'",
  ],

  async run({ name, json }, context) {
    const { objectives } = await context.api.call('GET /api/v1/objectives');
    const found = objectives.filter((objective) => objective.name === name || objective.monitor === name);
    // The server refuses an unknown name in words of its own.
    const meant = found.length > 0 ? found : [await context.api.call('GET /api/v1/objectives/:name', { name })];
    if (json) context.json({ objectives: meant });
    else {
      for (const [index, objective] of meant.entries()) {
        if (index > 0) context.out('');
        tell(objective, context);
      }
    }
    return EXIT.ok;
  },
});

function tell(objective: ObjectiveView, { out, clock, columns }: CliContext): void {
  const { name, promise, reached, target, coverage, burn, burnRate } = objective;
  out(line`${bold(name)}  ${objectiveWord(objective)}`);
  const rows = fields({
    promise,
    window: `${instantWords(objective.from)} to ${instantWords(objective.to)}`,
    reached: reached === null ? 'nothing was measured yet' : reachedWords(reached, target),
    known: coverage === 1 ? null : `${percentWords(coverage)} of the window so far`,
    budget: line`${budgetBar(objective)}  ${budgetWords(objective)}`,
    speed: burnRate === null ? null : speedWords(objective, clock.now()),
    'when spent': releaseWords(objective),
  });
  for (const each of rows) out(each);
  out('');
  const head = [
    { title: 'severity' },
    { title: 'long', isNumeric: true },
    { title: 'burns', isNumeric: true },
    { title: 'short', isNumeric: true },
    { title: 'burns', isNumeric: true },
    { title: 'limit', isNumeric: true },
    { title: 'now' },
  ];
  for (const each of table(head, burn.map(pairRow), columns)) out(each);
}

function pairRow(pair: BurnView): readonly Piece[] {
  return [
    pair.severity,
    formatDuration(pair.longMs),
    rateWords(pair.longRate),
    formatDuration(pair.shortMs),
    rateWords(pair.shortRate),
    `${Number(pair.factor.toPrecision(3))}×`,
    burnWord([pair], pair.longRate),
  ];
}

function reachedWords(reached: number, target: number): Piece {
  return reached >= target ? good(shareWords(reached)) : bad(`${shareWords(reached)}, less than promised`);
}

function speedWords({ burnRate, goneAt, isSpent, budgetLeft }: ObjectiveView, now: number): Piece {
  const speed = rateWords(burnRate);
  if (isSpent || (budgetLeft ?? 1) <= 0) return `${speed}, and nothing is left to spend`;
  if (goneAt === null) return `${speed}, the budget lasts`;
  return warning(`${speed}, gone ${until(goneAt, now)} at this speed`);
}

function releaseWords({ whenSpent, isSpent }: ObjectiveView): Piece {
  if (whenSpent === 'allowed') return 'releases may go out all the same';
  return isSpent ? bad('releases are blocked now') : dim('releases are blocked until some of it is back');
}
