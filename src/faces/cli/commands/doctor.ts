import { defineCommand } from '../command.ts';
import { doctorChecks } from '../doctor-checks.ts';
import type { Finding, Verdict } from '../doctor-finding.ts';
import { EXIT } from '../exit-codes.ts';
import { JSON_FLAG } from '../options.ts';
import { bad, bold, dim, good, line, type Styled, warning } from '../styled.ts';

export const doctor = defineCommand({
  name: 'doctor',
  kind: 'read',
  summary: 'Look for what keeps Evenkeel from working here, and say how to mend it.',
  description:
    'Looks at Node, the data folder, the manifest, the port, the server, the database, the clock, the time zones and the public address; and where the manifest sends mail or has backups, at the mail server, the keys, the vaults and the programs they take. Changes nothing.',
  options: { json: JSON_FLAG },
  exitStatus: { 0: 'Nothing stands in the way; there may be warnings.', 1: 'Something does.' },
  examples: ['evenkeel doctor', 'evenkeel doctor --json | jq \'.findings[] | select(.verdict == "fail")\''],

  async run({ json }, context) {
    const looked = await Promise.all(
      doctorChecks.map(async ({ name, look }) => ({ name, found: await look(context) })),
    );
    const findings = looked.flatMap(({ name, found }) => (found === null ? [] : [{ name, ...found }]));
    const isWell = findings.every(({ verdict }) => verdict !== 'fail');
    if (json) {
      context.json({ isWell, findings });
    } else {
      const width = Math.max(...findings.map(({ name }) => name.length));
      for (const each of findings.flatMap((finding) => tell(finding, width))) context.out(each);
      context.out('');
      context.out(conclusion(findings));
    }
    return isWell ? EXIT.ok : EXIT.no;
  },
});

const WORD: Readonly<Record<Verdict, Styled>> = {
  pass: good('✓ fine'),
  warn: warning('! note'),
  fail: bad('✗ bad '),
};

function tell({ name, verdict, says, fix }: Finding & { readonly name: string }, width: number): readonly Styled[] {
  const first = line`${WORD[verdict]}  ${bold(name.padEnd(width))}  ${says}`;
  return fix === null ? [first] : [first, line`${' '.repeat(width + 10)}${dim('→')} ${fix}`];
}

function conclusion(findings: readonly Finding[]): Styled {
  const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
  if (failed === 0) return good('✓ Nothing stands in the way.');
  return bad(bold(`✗ ${failed} of ${findings.length} need a hand.`));
}
