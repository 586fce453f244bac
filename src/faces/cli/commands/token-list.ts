import type { TokenView } from '../../http/contract.ts';
import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { flag, JSON_FLAG } from '../options.ts';
import { bad, dim, good, type Piece } from '../styled.ts';
import { type Column, table } from '../table.ts';
import { ago } from '../time-words.ts';

const COLUMNS: readonly Column[] = [
  { title: 'id' },
  { title: 'name', mayShrink: true },
  { title: 'role' },
  { title: 'environment' },
  { title: 'valid' },
  { title: 'last used', isNumeric: true },
  { title: 'made by', mayShrink: true },
];

export const tokenList = defineCommand({
  name: 'token list',
  kind: 'read',
  summary: 'The tokens that work, and when they were last used.',
  description: 'Secrets are not stored, so they are not shown. A token nobody uses any more is best revoked.',
  options: { all: flag('Also those that are revoked or have expired.'), json: JSON_FLAG },
  exitStatus: {},
  examples: ['evenkeel token list', "evenkeel token list --all --json | jq -r '.tokens[].name'"],

  async run({ all, json }, context) {
    const now = context.clock.now();
    const answer = await context.api.call('GET /api/v1/tokens');
    const tokens = answer.tokens.filter((token) => all || !isOver(token, now));
    if (json) context.json({ tokens });
    else if (tokens.length === 0) context.note('There is no token: see `evenkeel token create --help`.');
    else {
      const rows = tokens.map((token) => [
        token.id,
        token.name,
        token.location === null ? token.role : `probe in ${token.location}`,
        token.environment ?? 'every',
        validity(token, now),
        token.lastUsedAt === null ? 'never' : ago(token.lastUsedAt, now),
        token.createdBy,
      ]);
      for (const each of table(COLUMNS, rows, context.columns)) context.out(each);
    }
    return EXIT.ok;
  },
});

function isOver({ revokedAt, expiresAt }: TokenView, now: number): boolean {
  return revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= now);
}

function validity(token: TokenView, now: number): Piece {
  if (token.revokedAt !== null) return bad('✗ revoked');
  if (isOver(token, now)) return dim('✗ expired');
  return good(token.expiresAt === null ? '✓ no end' : `✓ to ${token.expiresAt.slice(0, 10)}`);
}
