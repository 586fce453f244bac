import { ROLES } from '../../../contracts/roles.ts';
import { DAY_MS } from '../../../kernel/clock.ts';
import { formatDuration } from '../../../kernel/duration.ts';
import type { TokenInput, TokenView } from '../../http/contract.ts';
import { defineCommand } from '../command.ts';
import { errors } from '../errors.ts';
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
    kind: choiceWithDefault(['api', 'probe'], 'api', { placeholder: 'kind', summary: 'Who it is for.' }),
    role: choiceWithDefault(GRANTABLE, 'viewer', { placeholder: 'role', summary: 'What it may do, of the kind api.' }),
    location: text('name', 'Where the probe is that it is for, of the kind probe; e.g. fra.'),
    expires: durationOption('duration', 'After how long it stops working, e.g. 30d. Default: when it is revoked.'),
    environment: text('name', 'Works only in this environment. Default: in every one; a probe, in the server’s.'),
    dryRun: DRY_RUN_FLAG,
    json: JSON_FLAG,
  },
  exitStatus: { 0: 'Made.', 2: 'A probe needs a location, and only a probe.', 3: 'Making it needs the role owner.' },
  examples: [
    'evenkeel token create --name ci --role operator --expires 90d',
    'evenkeel token create --name grafana > grafana.token',
    'evenkeel token create --name fra --kind probe --location fra > fra.token',
  ],

  async run({ name, expires, environment, dryRun, json, ...rights }, { api, out, note, ...terminal }) {
    const answer = await api.call('POST /api/v1/tokens', {
      name,
      ...rightsOf(rights),
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
      note(line`Would make the token ${bold(token.name)}, ${opened(token)}, valid ${end}.`);
      return EXIT.ok;
    }
    note(line`${good('✓')} Token ${bold(token.name)} (${token.id}), ${opened(token)}, valid ${end}.`);
    note('Its secret follows, this one time:');
    out(secret);
    if ((expires ?? 0) > 365 * DAY_MS) note('Longer than a year: shorter is safer, making a new one is cheap.');
    return EXIT.ok;
  },
});

const NEEDS_LOCATION = {
  problem: 'A token of the kind probe needs a location, and only such a one has it.',
  next: 'Write `--kind probe --location fra`, with the name that the manifest gives the place.',
};

interface Rights {
  readonly kind: 'api' | 'probe';
  readonly role: NonNullable<TokenInput['role']>;
  readonly location: string | undefined;
}

function rightsOf({ kind, role, location }: Rights): Pick<TokenInput, 'role' | 'location'> {
  if ((kind === 'probe') !== (location !== undefined)) throw errors.CLI_USAGE(NEEDS_LOCATION);
  return location === undefined ? { role } : { location };
}

function opened({ role, location }: TokenView): string {
  return location === null ? `role ${role}` : `for the probe in ${location}`;
}
