import { amount } from './amount.ts';
import type { CliContext } from './context.ts';
import type { ImportedItem, ImportReport } from './offline-import.ts';
import { problemLines } from './problem-lines.ts';
import { bad, bold, dim, good, line, type Piece, type Styled, warning } from './styled.ts';

type Outcome = ImportedItem['outcome'];

/** In the order in which they are told: what needs somebody's eye stands last, next to the summary. */
const WORDS: Readonly<Record<Outcome, Styled>> = {
  there: dim('= there'),
  created: good('+ new'),
  changed: good('~ changed'),
  skipped: warning('- skipped'),
  cannot: bad('✗ cannot'),
};
const WORD_WIDTH = 9;

export function tellImport(
  report: ImportReport,
  {
    source,
    where,
    dryRun,
    isPastAsked,
  }: { readonly source: string; readonly where: string; readonly dryRun: boolean; readonly isPastAsked: boolean },
  { out, note, columns }: CliContext,
): void {
  for (const outcome of ['created', 'changed', 'skipped', 'cannot'] as const) {
    for (const item of report.items.filter((each) => each.outcome === outcome)) itemLines(item).forEach(out);
  }
  variableLines(report).forEach(out);
  for (const each of report.notes) out(line`${warning('note')}: ${each}`);
  for (const each of report.problems.flatMap((problem) => problemLines(bad('error'), problem, columns))) out(each);
  out(summary(report, dryRun));
  const hasChanged = report.items.some(({ outcome }) => outcome === 'created' || outcome === 'changed');
  if (report.isWritten && hasChanged)
    note(line`  evenkeel check   ${dim('Read what was written as the server would.')}`);
  if (report.isWritten && report.hasPast && !isPastAsked) {
    note(line`  evenkeel import ${source} ${where} --history   ${dim('Carry the uptime of past days over.')}`);
  }
}

function itemLines({ outcome, what, title, from, place, reason, notes }: ImportedItem): readonly Piece[] {
  const word = WORDS[outcome];
  const gap = ' '.repeat(Math.max(WORD_WIDTH - lengthOf(outcome), 0));
  const where = place === null ? '' : line` → ${place}`;
  const head = line`${word}${gap}  ${what} ${bold(title)}${where}  ${dim(from)}`;
  const more = [...(reason === null ? [] : [reason]), ...notes];
  return [head, ...more.map((sentence) => line`           ${sentence}`)];
}

function lengthOf(outcome: Outcome): number {
  return outcome === 'created' ? '+ new'.length : outcome.length + 2;
}

const VARIABLE_WORDS = {
  added: 'goes to .env, which only you can read',
  there: 'is in .env already',
  differs: 'is in .env with another value, which stays; take it out there to have it written anew',
} as const;

function variableLines({ variables }: ImportReport): readonly Styled[] {
  return variables
    .filter(({ state }) => state !== 'there')
    .map(({ name, state }) => line`${bold(`\${${name}}`)} ${VARIABLE_WORDS[state]}.`);
}

function summary({ items, file, isWritten, problems, title }: ImportReport, dryRun: boolean): Styled {
  const counts = (['created', 'changed', 'there', 'skipped', 'cannot'] as const).map(
    (outcome) => [outcome, items.filter((each) => each.outcome === outcome).length] as const,
  );
  const told = counts.filter(([, count]) => count > 0).map(([outcome, count]) => `${count} ${SUMMARY[outcome]}`);
  const found = told.length === 0 ? 'nothing found' : told.join(', ');
  if (problems.length > 0) {
    return line`${bad(bold('✗ Nothing was written'))}: the manifest would have ${amount(problems.length, 'problem')}.`;
  }
  const hasChanges = items.some(({ outcome }) => outcome === 'created' || outcome === 'changed');
  if (!hasChanges) return line`${good('✓')} ${title}: ${found}. There is nothing to write.`;
  return isWritten && !dryRun
    ? line`${good('✓')} ${title}: ${found}. Wrote ${bold(file)}.`
    : line`${title}: ${found}. Would write ${bold(file)}.`;
}

const SUMMARY: Readonly<Record<Outcome, string>> = {
  created: 'new',
  changed: 'changed',
  there: 'there already',
  skipped: 'skipped',
  cannot: 'cannot be carried over',
};
