import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { argument, DRY_RUN_FLAG, JSON_FLAG } from '../options.ts';
import { bold, good, line } from '../styled.ts';

export const tokenRevoke = defineCommand({
  name: 'token revoke',
  kind: 'change',
  summary: 'Stop a token from working, at once and for good.',
  description:
    'Its record stays for the audit trail. Revoking the token you are using with this very command works too.',
  arguments: { id: argument('Its id, from `evenkeel token list`.') },
  options: { dryRun: DRY_RUN_FLAG, json: JSON_FLAG },
  exitStatus: { 0: 'It works no longer.', 4: 'There is no such token.', 5: 'It was revoked before.' },
  examples: ['evenkeel token revoke tok_01k9example', 'evenkeel token revoke tok_01k9example --dry-run'],

  async run({ id, dryRun, json }, { api, out, ...terminal }) {
    const answer = await api.call('DELETE /api/v1/tokens/:id', dryRun ? { id, dryRun } : { id });
    const { token, isDryRun } = answer;
    if (json) terminal.json(answer);
    else if (isDryRun) out(line`Would revoke ${bold(token.name)} (${token.id}), role ${token.role}.`);
    else out(line`${good('✓')} ${bold(token.name)} (${token.id}) works no longer.`);
    return EXIT.ok;
  },
});
