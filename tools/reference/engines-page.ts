import { backupEngines } from '../../src/backups/index.ts';
import { code, page, table } from './markdown.ts';

/** docs/reference/backups.md: what can be backed up and restored. */
export function enginesPage(): string {
  return page(
    '# What can be backed up',
    'A service names its engine with `engine:` and is backed up with `backup:`; [Backups](../guides/backups.md) begins at ' +
      'the beginning.',
    table(
      ['Engine', 'How', 'What a backup holds', 'Tested against'],
      backupEngines
        .all()
        .map(({ type, summary, contents, testedAgainst }) => [code(type), summary, contents, testedAgainst]),
    ),
  );
}
