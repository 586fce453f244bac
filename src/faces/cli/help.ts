import { type Command, usageOf } from './command.ts';
import type { Chapter } from './command-catalogue.ts';
import { flagName, type OptionSpec } from './options.ts';
import { bold, dim, line, type Piece, Styled } from './styled.ts';

/** Options every command understands. They are part of the program, not of a command. */
export const GLOBAL_OPTIONS = [
  ['--no-color', 'Use no colours (so does NO_COLOR=1).'],
  ['--insecure', 'Send the token over plain http to another machine.'],
  ['--help, -h', 'Show this help.'],
] as const;

const PROGRAM = 'evenkeel';

/** Help reads well at this width on any terminal, and stays the same in a file. */
const COLUMNS = 88;

/** The help of one command: what it is, how it is typed, what it answers, examples to copy. */
export function commandHelp(command: Command): Styled {
  return page([
    [line`${command.summary}`],
    [line`${bold('USAGE')}`, line`  ${PROGRAM} ${usageOf(command)}`],
    command.description.split('\n').flatMap((paragraph) => wrap(paragraph, COLUMNS)),
    section('ARGUMENTS', argumentRows(command)),
    section('OPTIONS', [...optionRows(command), ...GLOBAL_OPTIONS]),
    section('EXIT STATUS', exitRows(command)),
    [line`${bold('EXAMPLES')}`, ...command.examples.map((example) => line`  ${example}`)],
  ]);
}

/** The help of a noun: its verbs. */
export function groupHelp(group: string, summary: string, commands: readonly Command[]): Styled {
  return page([
    [line`${summary}`],
    [line`${bold('USAGE')}`, line`  ${PROGRAM} ${group} <command> [options]`],
    section('COMMANDS', commandRows(commands)),
    [dim(`Run \`${PROGRAM} ${group} <command> --help\` for one of them, with examples.`)],
  ]);
}

export function programHelp(chapters: readonly Chapter[]): Styled {
  return page([
    [line`Watches one application, shows its state, and keeps the proof. (ek is short for ${PROGRAM})`],
    [line`${bold('USAGE')}`, line`  ${PROGRAM} <command> [options]`],
    ...chapters.map(({ title, commands }) => section(title.toUpperCase(), commandRows(commands))),
    section('OPTIONS', [['--version, -V', 'Print the version.'], ...GLOBAL_OPTIONS]),
    [dim(`Run \`${PROGRAM} <command> --help\` for one of them, with examples.`)],
  ]);
}

/** `--since <duration>`, as it is typed. */
export function optionTerm(name: string, { placeholder }: OptionSpec): string {
  return placeholder === null ? flagName(name) : `${flagName(name)} <${placeholder}>`;
}

export function optionSummary({ summary, choices }: OptionSpec): string {
  return choices === undefined ? summary : `${summary} One of ${choices.join(', ')}.`;
}

/** What a command's exit status means: its own words first, then what any command may answer. */
export function exitRows(command: Command): readonly Row[] {
  const own = Object.entries(command.exitStatus);
  return own.some(([code]) => code === '0') ? own : [['0', 'Done.'], ...own];
}

type Row = readonly [term: string, summary: string];

function argumentRows(command: Command): readonly Row[] {
  return Object.entries(command.arguments).map(([name, { summary, choices }]) => [
    name,
    choices === undefined ? summary : `${summary} One of ${choices.join(', ')}.`,
  ]);
}

function optionRows(command: Command): readonly Row[] {
  return Object.entries(command.options).map(([name, spec]) => [optionTerm(name, spec), optionSummary(spec)]);
}

function commandRows(commands: readonly Command[]): readonly Row[] {
  return commands.map(({ name, summary }) => [name, summary]);
}

function section(title: string, rows: readonly Row[]): readonly Piece[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([term]) => term.length));
  const indent = ' '.repeat(width + 4);
  const row = ([term, summary]: Row) =>
    wrap(summary, COLUMNS - indent.length).map((text, index) =>
      index === 0 ? line`  ${term.padEnd(width)}  ${text}` : line`${indent}${text}`,
    );
  return [bold(title), ...rows.flatMap(row)];
}

/** Breaks between words; a word longer than a line keeps its line to itself. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function page(paragraphs: readonly (readonly Piece[])[]): Styled {
  const lines = paragraphs
    .filter((each) => each.length > 0)
    .flatMap((each, index) => (index === 0 ? each : ['', ...each]));
  return new Styled(
    'plain',
    lines.flatMap((each, index) => (index === 0 ? [each] : ['\n', each])),
  );
}
