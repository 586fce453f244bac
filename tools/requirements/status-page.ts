import path from 'node:path';
import { count, type Progress } from './progress.ts';
import { KINDS } from './requirement.ts';

/** docs/implementation-status.md: the same results give the same text, to the byte. */
export function statusPage(progress: readonly Progress[]): string {
  const capabilities = Object.entries(Object.groupBy(progress, ({ requirement }) => requirement.capability));
  const kinds = Object.entries(KINDS).map(([letter, meaning]) => `**${letter}** ${meaning}`);
  return [
    '# Implementation status',
    'Written by `npm run requirements` from the tests that passed in the last `npm test`; never by hand.',
    `**${count(progress, 'done')} of ${progress.length} requirements are done**, ${count(progress, 'begun')} more are ` +
      'begun. A requirement is done when a test proves every kind it names; a test claims a kind with a mark such as ' +
      '`[HLT-02/R]` in its name.',
    `Kinds: ${kinds.join(', ')}.`,
    '## Summary',
    table(
      ['Capability', 'Done', 'Begun', 'Open', 'All'],
      capabilities.map(([title, own = []]) => summary(title, own)),
    ),
    ...capabilities.flatMap(([title, own = []]) => [
      `## ${title}`,
      table(['Id', 'Requirement', 'Proven', 'Missing'], own.map(detail)),
    ]),
  ]
    .join('\n\n')
    .concat('\n');
}

function summary(title: string, own: readonly Progress[]): readonly string[] {
  return [title, ...(['done', 'begun', 'open'] as const).map((state) => String(count(own, state))), String(own.length)];
}

function detail({ requirement, proven, missing }: Progress): readonly string[] {
  const proofs = [...proven].map(([kind, files]) => `${kind}: ${files.map(link).join(', ')}`);
  return [requirement.id, requirement.text, proofs.join('; ') || '–', missing.join(' ') || '–'];
}

function link(file: string): string {
  return `[${path.basename(file, '.test.ts')}](../${file})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
