import { ROLES } from '../../../contracts/roles.ts';
import { DAY_MS } from '../../../kernel/clock.ts';
import { formatDuration } from '../../../kernel/duration.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { choiceWithDefault, DRY_RUN_FLAG, durationOption, JSON_FLAG, requiredText, text } from '../options.ts';
import { bold, good, line } from '../styled.ts';

const GRANTABLE = ROLES.filter((role) => role !== 'public');

export const tokenCreate = defineCommand({
  name: 'token create',
  kind: 'change',
  summary: 'Make a token for a program or a person.',
  description: [
    'Its secret is printed on standard output, this one time; only a digest of it is stored. Everything else goes to standard error, so it can be piped into a file or a secret store.',
    'Give it the least role that does the job, and an end.',
  ].join('\n'),
  options: {
    name: requiredText('name', 'What it is for, e.g. ci.'),
    role: choiceWithDefault(GRANTABLE, 'viewer', { placeholder: 'role', summary: 'What it may do.' }),
    expires: durationOption('duration', 'After how long it stops working, e.g. 30d. Default: when it is revoked.'),
    environment: text('name', 'Works only in this environment. Default: in every one.'),
    dryRun: DRY_RUN_FLAG,
    json: JSON_FLAG,
  },
  exitStatus: { 0: 'Made.', 3: 'Making it needs the role owner.' },
  examples: [
    'evenkeel token create --name ci --role operator --expires 90d',
    'evenkeel token create --name grafana > grafana.token',
  ],

  async run({ name, role, expires, environment, dryRun, json }, { api, out, note, ...terminal }) {
    const answer = await api.call('POST /api/v1/tokens', {
      name,
      role,
      ...(expires === undefined ? {} : { expiresIn: formatDuration(expires) }),
      ...(environment === undefined ? {} : { environment }),
      ...(dryRun ? { dryRun } : {}),
    });
    const { token, secret } = answer;
    if (json) {
      terminal.json(answer);
      return EXIT.ok;
    }
    const end = token.expiresAt === null ? 'until it is revoked' : `until ${token.expiresAt.slice(0, 10)}`;
    if (secret === null) {
      note(line`Would make the token ${bold(token.name)} with the role ${token.role}, valid ${end}.`);
      return EXIT.ok;
    }
    note(line`${good('✓')} Token ${bold(token.name)} (${token.id}), role ${token.role}, valid ${end}.`);
    note('Its secret follows, this one time:');
    out(secret);
    if ((expires ?? 0) > 365 * DAY_MS) note('Longer than a year: shorter is safer, making a new one is cheap.');
    return EXIT.ok;
  },
});
