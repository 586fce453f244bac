import { amount } from '../amount.ts';
import { defineCommand } from '../command.ts';
import type { ManifestReport } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { JSON_FLAG, optionalArgument } from '../options.ts';
import { problemLines, problemView } from '../problem-lines.ts';
import { bad, bold, good, line, type Styled, warning } from '../styled.ts';

export const check = defineCommand({
  name: 'check',
  kind: 'read',
  summary: 'Find mistakes in the manifest before they matter.',
  description: [
    'Reads the manifest as `evenkeel serve` would, without starting anything: every problem with its file, line and column, what was expected, and the nearest valid word.',
    'The variables that services declare are checked as well. Warnings do not fail the check.',
  ].join('\n'),
  arguments: { file: optionalArgument('The manifest. Default: the one `evenkeel serve` would read.') },
  options: { json: JSON_FLAG },
  exitStatus: { 0: 'It may be applied.', 2: 'It has problems.' },
  examples: ['evenkeel check', 'evenkeel check ops/evenkeel.yaml', 'evenkeel check --json | jq .problems'],

  async run({ file, json }, context) {
    const report = await context.offline.checkManifest(file);
    const { problems, warnings } = report;
    const isValid = problems.length === 0;
    if (json) {
      const views = { problems: problems.map(problemView), warnings: warnings.map(problemView) };
      context.json({ isValid, ...report, ...views });
    } else {
      const { columns, out } = context;
      for (const each of problems.flatMap((problem) => problemLines(bad('error'), problem, columns))) out(each);
      for (const each of warnings.flatMap((problem) => problemLines(warning('warning'), problem, columns))) out(each);
      out(summary(report));
    }
    return isValid ? EXIT.ok : EXIT.invalid;
  },
});

function summary({ files, services, monitors, variables, problems, warnings }: ManifestReport): Styled {
  const notes = warnings.length === 0 ? '' : `, ${amount(warnings.length, 'warning')}`;
  if (problems.length > 0) {
    const place = files.length === 0 ? '' : ` in ${files.join(', ')}`;
    return line`${bad(bold(`✗ ${amount(problems.length, 'problem')}${notes}`))}${place}`;
  }
  const what = [amount(services, 'service'), amount(monitors, 'monitor'), amount(variables, 'variable')].join(', ');
  return line`${good('✓')} ${what}${notes}; ${warnings.length === 0 ? 'all good' : 'it may be applied'}.`;
}
