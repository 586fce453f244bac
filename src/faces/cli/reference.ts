import { type Command, usageOf } from './command.ts';
import type { CommandCatalogue } from './command-catalogue.ts';
import { exitStatusTable } from './exit-codes.ts';
import { exitRows, GLOBAL_OPTIONS, optionSummary, optionTerm } from './help.ts';

/** docs/reference/cli.md, from the very definitions the program runs on. */
export function referenceMarkdown(commands: CommandCatalogue): string {
  return `${[
    '# Command line',
    'Generated from the commands themselves. `evenkeel <command> --help` shows the same; `ek` is short for `evenkeel`.',
    'Commands reach a server at `EVENKEEL_URL` with the token in `EVENKEEL_TOKEN` or in the file `EVENKEEL_TOKEN_FILE`; without an address they use the admin socket in the data folder (`EVENKEEL_DATA_DIR`). Answers go to standard output, everything said beside them to standard error.',
    ...commands.chapters.flatMap(({ title, commands: chapter }) => [`## ${title}`, ...chapter.flatMap(commandSection)]),
    '## Options of every command',
    markdownTable(
      ['Option', ''],
      GLOBAL_OPTIONS.map(([term, summary]) => [code(term), summary]),
    ),
    '## Exit status',
    'Scripts may rely on these numbers. New ones may be added; treat an unknown one as a failure.',
    markdownTable(
      ['Status', 'Meaning'],
      exitStatusTable().map(([status, meaning]) => [String(status), meaning]),
    ),
  ].join('\n\n')}\n`;
}

function commandSection(command: Command): readonly string[] {
  const positionals = Object.entries(command.arguments).map(([name, spec]) => [code(name), spec.summary]);
  const options = Object.entries(command.options).map(([name, spec]) => [
    code(optionTerm(name, spec)),
    optionSummary(spec),
  ]);
  const statuses = exitRows(command).map(([status, meaning]) => [status, meaning]);
  return [
    `### ${command.name}`,
    command.summary,
    code(`evenkeel ${usageOf(command)}`),
    command.description.split('\n').join('\n\n'),
    ...(positionals.length === 0 ? [] : [markdownTable(['Argument', ''], positionals)]),
    ...(options.length === 0 ? [] : [markdownTable(['Option', ''], options)]),
    markdownTable(['Exit status', ''], statuses),
    ['```sh', ...command.examples, '```'].join('\n'),
  ];
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(markdownRow).join('\n');
}

function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}
