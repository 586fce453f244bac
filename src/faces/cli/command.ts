import type { CliContext } from './context.ts';
import type { ExitCode } from './exit-codes.ts';
import type { ArgumentSpec, OptionSpec, ValuesOf } from './options.ts';

/** `read` commands offer `--json`, `change` commands `--dry-run`; `run` commands stay until they are stopped. */
export type CommandKind = 'read' | 'change' | 'run';

/**
 * A command is data plus one function. The parser, `--help`, the completions and the reference page all derive from
 * this one definition.
 */
export interface CommandHead {
  /** Noun and verb, e.g. `monitor list`; the file is named after it. */
  readonly name: string;
  readonly kind: CommandKind;
  /** One sentence; stands in lists. */
  readonly summary: string;
  /** Two or three sentences more, as paragraphs. */
  readonly description: string;
  /** Meanings of the exit status particular to this command, by code. */
  readonly exitStatus: Readonly<Record<number, string>>;
  /** Whole command lines; the first words are the command's own, or a pipe that holds them. */
  readonly examples: readonly [string, ...string[]];
}

export interface Command extends CommandHead {
  /** In the order they are typed. */
  readonly arguments: Readonly<Record<string, ArgumentSpec>>;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Fulfils with the exit code; a failure is an `EvenkeelError`, whose kind decides the code. */
  readonly run: (values: Readonly<Record<string, unknown>>, context: CliContext) => Promise<ExitCode>;
}

/** Keeps `run` typed by the command's own options while the registry sees one uniform `Command`. */
export function defineCommand<
  const Arguments extends Readonly<Record<string, ArgumentSpec>>,
  const Options extends Readonly<Record<string, OptionSpec>>,
>(
  definition: CommandHead & {
    readonly arguments?: Arguments;
    readonly options: Options;
    readonly run: (values: ValuesOf<Arguments> & ValuesOf<Options>, context: CliContext) => Promise<ExitCode>;
  },
): Command {
  const { run, arguments: positionals, ...rest } = definition;
  return {
    ...rest,
    arguments: positionals ?? {},
    // The parser made these values with the very specs they are typed by.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
    run: (values, context) => run(values as ValuesOf<Arguments> & ValuesOf<Options>, context),
  };
}

/** `monitor history <monitor> [options]` */
export function usageOf(command: Command): string {
  const positionals = Object.entries(command.arguments).map(([name, spec]) =>
    spec.isOptional ? `[${name}]` : `<${name}>`,
  );
  const required = Object.entries(command.options)
    .filter(([, spec]) => spec.isRequired === true)
    .map(([name, spec]) => `--${name} <${spec.placeholder ?? ''}>`);
  return [command.name, ...positionals, ...required, '[options]'].join(' ');
}
