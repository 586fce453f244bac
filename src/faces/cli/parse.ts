import { Argument, CommanderError, Option, Command as Parser } from 'commander';
import { messageOf } from '../../kernel/errors.ts';
import type { Command } from './command.ts';
import type { CommandCatalogue } from './command-catalogue.ts';
import { errors } from './errors.ts';
import { commandHelp, groupHelp, programHelp } from './help.ts';
import { BETWEEN_REPEATED, flagName } from './options.ts';
import type { Piece, Styled } from './styled.ts';

/** What a command line asks for. Reading it does nothing yet, so a mistake in it has no consequences. */
export interface CommandLine {
  readonly wish: Wish;
  readonly globals: Globals;
}

export type Wish =
  | { readonly ask: 'run'; readonly command: Command; readonly values: Values }
  | { readonly ask: 'text'; readonly text: Piece; readonly isMistake: boolean }
  | { readonly ask: 'overview' };

/** Options that every command understands. */
export interface Globals {
  readonly isInsecureAllowed: boolean;
  readonly isColourWanted: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** Throws `CLI_USAGE` with the nearest valid word where there is one. */
export function parseCommandLine(argv: readonly string[], catalogue: CommandCatalogue, version: string): CommandLine {
  let wish: Wish = { ask: 'overview' };
  const root = new Parser('evenkeel').version(`evenkeel ${version}`).option('--insecure').option('--no-color');
  const onRun = (command: Command, parser: Parser) => {
    wish = { ask: 'run', command, values: valuesOf(command, parser) };
  };
  const onExit = (name: string, help: () => Styled) => (exit: CommanderError) => {
    wish = answerExit(exit, name, help);
    throw exit;
  };

  prepare(
    root,
    onExit('', () => programHelp(catalogue.chapters)),
  );
  for (const [noun, { summary, commands }] of catalogue.groups) {
    const group = prepare(
      root.command(noun),
      onExit(noun, () => groupHelp(noun, summary, commands)),
    );
    for (const command of commands) addCommand(group, command, { onRun, onExit });
  }
  for (const command of catalogue.single) addCommand(root, command, { onRun, onExit });

  try {
    root.parse(withoutHelpWord(argv), { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
  }
  const { insecure, color } = root.opts<{ insecure?: boolean; color: boolean }>();
  return { wish, globals: { isInsecureAllowed: insecure === true, isColourWanted: color } };
}

/** `help monitor list` is `monitor list --help`. */
function withoutHelpWord(argv: readonly string[]): readonly string[] {
  const [first, ...rest] = argv;
  return first === 'help' ? [...rest, '--help'] : argv;
}

interface Hooks {
  readonly onRun: (command: Command, parser: Parser) => void;
  readonly onExit: (name: string, help: () => Styled) => (exit: CommanderError) => never;
}

function addCommand(parent: Parser, command: Command, { onRun, onExit }: Hooks): void {
  const verb = command.name.split(' ').at(-1) ?? command.name;
  const parser = prepare(
    parent.command(verb),
    onExit(command.name, () => commandHelp(command)),
  );
  for (const [name, spec] of Object.entries(command.arguments)) {
    const positional = new Argument(name);
    parser.addArgument(spec.isOptional ? positional.argOptional() : positional.argRequired());
  }
  for (const [name, spec] of Object.entries(command.options)) {
    const value = spec.placeholder === null ? '' : ` <${spec.placeholder}>`;
    const option = new Option(`${flagName(name)}${value}`).makeOptionMandatory(spec.isRequired === true);
    if (spec.isRepeatable === true) option.argParser(joined);
    parser.addOption(option);
  }
  parser.action(() => onRun(command, parser));
}

function joined(typed: string, before: string | undefined): string {
  return before === undefined ? typed : `${before}${BETWEEN_REPEATED}${typed}`;
}

/** The parser only reads: it neither prints nor ends the process. */
function prepare(parser: Parser, onExit: (exit: CommanderError) => never): Parser {
  return parser
    .exitOverride(onExit)
    .helpCommand(false)
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
    .configureHelp({ formatHelp: () => '' });
}

function answerExit({ code, exitCode, message }: CommanderError, name: string, help: () => Styled): Wish {
  if (code === 'commander.version') return { ask: 'text', text: message, isMistake: false };
  // A noun without its verb gets its help as well, but as a mistake.
  const isMistake = exitCode !== 0;
  if (code === 'commander.help' && isMistake && name === '') return { ask: 'overview' };
  if (code === 'commander.help' || code === 'commander.helpDisplayed') return { ask: 'text', text: help(), isMistake };
  throw usageError(message, name);
}

function usageError(message: string, name: string): Error {
  const [problem = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const nearest = suggestion?.match(/Did you mean (?:one of )?(?<words>.+)\?\)/)?.groups?.['words'];
  const help = `Run \`${['evenkeel', name, '--help'].filter(Boolean).join(' ')}\` to see what there is.`;
  const sentence = problem.charAt(0).toUpperCase() + problem.slice(1);
  return errors.CLI_USAGE({
    problem: sentence.endsWith('.') ? sentence : `${sentence}.`,
    next: nearest === undefined ? help : `Did you mean ${nearest}? ${help}`,
  });
}

function valuesOf(command: Command, parser: Parser): Values {
  const typed = parser.opts<Record<string, string | boolean | undefined>>();
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(command.options)) {
    values[name] = readValue(command, flagName(name), () => spec.read(typedFor(name, typed)));
  }
  for (const [index, [name, spec]] of Object.entries(command.arguments).entries()) {
    values[name] = readValue(command, `<${name}>`, () => spec.read(parser.args[index]));
  }
  return values;
}

/** The parser takes `--no-wait` for the denial of an option `wait`, which is true unless it is denied. */
function typedFor(name: string, typed: Readonly<Record<string, string | boolean | undefined>>) {
  const option = new Option(flagName(name));
  return option.negate ? typed[option.attributeName()] === false : typed[name];
}

function readValue(command: Command, what: string, read: () => unknown): unknown {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw errors.CLI_USAGE(
      { problem: `${what}: ${messageOf(cause)}`, next: `Run \`evenkeel ${command.name} --help\` for examples.` },
      { cause },
    );
  }
}
