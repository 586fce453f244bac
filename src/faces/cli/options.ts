import { parseDuration } from '../../kernel/duration.ts';

/** One option of a command. The key it stands under is its name: `dataDir` is typed `--data-dir`. */
export interface OptionSpec<Value = unknown> {
  /** What is typed after it, e.g. `name`; null for a flag, which takes nothing. */
  readonly placeholder: string | null;
  /** One clause for the help. */
  readonly summary: string;
  readonly choices?: readonly string[];
  readonly isRequired?: boolean;
  readonly isRepeatable?: boolean;
  /** Turns what was typed into a value; undefined means it was not given. Throws a sentence about what is wrong. */
  readonly read: (typed: string | boolean | undefined) => Value;
}

export interface ArgumentSpec<Value = unknown> {
  readonly summary: string;
  readonly isOptional: boolean;
  readonly choices?: readonly string[];
  readonly read: (typed: string | undefined) => Value;
}

export type Specs = Readonly<Record<string, OptionSpec | ArgumentSpec>>;

export type ValuesOf<Each extends Specs> = {
  readonly [Name in keyof Each]: Each[Name] extends { readonly read: (typed: undefined) => infer Value }
    ? Value
    : never;
};

export function flag(summary: string): OptionSpec<boolean> {
  return { placeholder: null, summary, read: (typed) => typed === true };
}

export function text(placeholder: string, summary: string): OptionSpec<string | undefined> {
  return { placeholder, summary, read: optionalText };
}

/** Can be given several times. The parser joins what was typed with a character that no argument can hold. */
export function texts(placeholder: string, summary: string): OptionSpec<readonly string[]> {
  return {
    placeholder,
    summary,
    isRepeatable: true,
    read: (typed) => optionalText(typed)?.split(BETWEEN_REPEATED) ?? [],
  };
}

export const BETWEEN_REPEATED = '\0';

export function requiredText(placeholder: string, summary: string): OptionSpec<string> {
  // The parser refuses the command line without it, so an empty text never gets here.
  return { placeholder, summary, isRequired: true, read: (typed) => optionalText(typed) ?? '' };
}

export function choice<const Choice extends string>(
  placeholder: string,
  choices: readonly Choice[],
  summary: string,
): OptionSpec<Choice | undefined> {
  const read = (typed: string | boolean | undefined) => readChoice(choices, optionalText(typed));
  return { placeholder, summary, choices, read };
}

export function choiceWithDefault<const Choice extends string>(
  choices: readonly Choice[],
  fallback: Choice,
  { placeholder, summary }: { readonly placeholder: string; readonly summary: string },
): OptionSpec<Choice> {
  const { read } = choice(placeholder, choices, summary);
  return {
    placeholder,
    summary: `${summary} Default: ${fallback}.`,
    choices,
    read: (typed) => read(typed) ?? fallback,
  };
}

export function integer(
  placeholder: string,
  { min, max }: { readonly min: number; readonly max: number },
  summary: string,
): OptionSpec<number | undefined> {
  const read = (typed: string | boolean | undefined) => {
    const digits = optionalText(typed);
    if (digits === undefined) return undefined;
    const value = /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
    if (!(value >= min && value <= max)) throw new TypeError(`Expected a whole number from ${min} to ${max}.`);
    return value;
  };
  return { placeholder, summary, read };
}

/** Milliseconds of `30s`, `12h`, `7d`. */
export function durationOption(placeholder: string, summary: string): OptionSpec<number | undefined> {
  return { placeholder, summary, read: readDuration };
}

/** Several words at once, e.g. `web,checks`. */
export function choiceList<const Choice extends string>(
  placeholder: string,
  all: readonly Choice[],
  summary: string,
): OptionSpec<readonly Choice[] | undefined> {
  const read = (typed: string | boolean | undefined) =>
    optionalText(typed)
      ?.split(',')
      .map((word) => readChoice(all, word.trim()))
      .filter((word) => word !== undefined);
  return { placeholder, summary: `${summary} Of ${all.join(', ')}; separated by commas.`, read };
}

export function argument(summary: string): ArgumentSpec<string> {
  return { summary, isOptional: false, read: (typed) => typed ?? '' };
}

export function optionalArgument(summary: string): ArgumentSpec<string | undefined> {
  return { summary, isOptional: true, read: (typed) => typed };
}

export function choiceArgument<const Choice extends string>(
  all: readonly [Choice, ...Choice[]],
  summary: string,
): ArgumentSpec<Choice> {
  return { summary, isOptional: false, choices: all, read: (typed) => readChoice(all, typed) ?? all[0] };
}

/** What every command that reads, and every command that changes something, offers. */
export const JSON_FLAG = flag('Print one JSON document instead of text.');
export const DRY_RUN_FLAG = flag('Show what would happen; change nothing.');

/** Of commands that ask for work which is done elsewhere. */
export const NO_WAIT_FLAG = flag('Ask for it and come back at once.');

/** Of commands that read backups without a server. */
export const VAULT_OPTION = text('folder', 'Ask no server, and look into this folder with backups.');
export const IDENTITY_OPTION = text(
  'file',
  'The private age key that opens them, with --vault. Default: EVENKEEL_AGE_IDENTITY_FILE.',
);
export const SIGNER_OPTION = text(
  'keys',
  'Public keys whose signatures are believed, with --vault, separated by commas. Default: those in evenkeel.yaml.',
);

export const KEY_FOLDER_OPTION = text('folder', 'Where the keys are. Default: keys.');

/** `dataDir` is typed `--data-dir`. */
export function flagName(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function optionalText(typed: string | boolean | undefined): string | undefined {
  return typeof typed === 'string' ? typed : undefined;
}

function readChoice<Choice extends string>(all: readonly Choice[], typed: string | undefined): Choice | undefined {
  if (typed === undefined) return undefined;
  const found = all.find((each) => each === typed);
  if (found === undefined) throw new TypeError(`Expected one of ${all.join(', ')}.`);
  return found;
}

function readDuration(typed: string | boolean | undefined): number | undefined {
  const words = optionalText(typed);
  const ms = words === undefined ? undefined : parseDuration(words);
  if (words !== undefined && ms === undefined) throw new TypeError('Expected a duration such as 30m, 12h or 7d.');
  return ms;
}
