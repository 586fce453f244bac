import { inspect } from 'node:util';

/** Where something is written. Lines and columns count from 1, in UTF-16 units as editors do. */
export interface Place {
  /** Relative to the folder of the manifest, e.g. `evenkeel.d/api.yaml`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Keys and list positions from the top of the manifest, e.g. `['services', 'web', 'depends_on', 0]`. */
export type Path = readonly (string | number)[];

/** Something the author can put right, at the place where it is written. Never carries an inserted value. */
export interface Problem extends Place {
  /** `services.web.depends_on[0]`; empty when it is about a whole file. */
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
  /** The line it is about, as written; empty when there is none. */
  readonly excerpt: string;
}

export interface Finding {
  readonly place: Place;
  readonly path?: Path;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** One function for all problems, so that none of them misses its source line or shows a password. */
export type Lines = (place: Place) => string;

export function toProblem({ place, path = [], message, hint }: Finding, lines: Lines): Problem {
  return {
    file: place.file,
    line: place.line,
    column: place.column,
    path: formatPath(path),
    message,
    ...(hint === undefined ? {} : { hint }),
    excerpt: maskCredentials(lines(place)),
  };
}

/** In reading order; the main file is read first, so it also comes first here. */
export function sortProblems(problems: readonly Problem[], files: readonly string[]): readonly Problem[] {
  const rank = (problem: Problem) => files.indexOf(problem.file);
  return problems.toSorted((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column);
}

const BARE_KEY = /^[\p{L}\p{N}_.-]+$/u;

export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += `${text === '' ? '' : '.'}${BARE_KEY.test(step) ? step : inspect(clip(step))}`;
  }
  return text;
}

const QUOTED_CHARS_MAX = 60;

/**
 * Text from the file as it may stand in a message: one line, not endless, and of an address only whose it is, for
 * passwords, tokens and the addresses of webhooks must not travel on.
 */
export function quoteWritten(text: string): string {
  const masked = maskCredentials(text.split(/\r?\n/, 1)[0] ?? '');
  return clip(masked.replaceAll(/(?<=\/\/[^\s/?#]+[/?#])[^\s"'`]+/g, '…'));
}

function clip(text: string): string {
  return text.length > QUOTED_CHARS_MAX ? `${text.slice(0, QUOTED_CHARS_MAX - 1)}…` : text;
}

/** Up to the last `@`: who forgets to encode the `/` or the `@` of a password has a mistake to be told about. */
const PASSWORD = /(?<=\/\/[^\s/@:]*:)(?!\$\{)[^\s"'`]{1,200}(?=@)/g;

/**
 * Like `postgres://app:•••@db`: what is written out in the file must not travel on in a message. Columns stay what
 * they are, so that the mark under the line stands where it should.
 */
function maskCredentials(text: string): string {
  return text.replaceAll(PASSWORD, (password) => '•'.repeat(password.length));
}
