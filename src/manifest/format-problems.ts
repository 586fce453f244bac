import type { Problem } from './problem.ts';

export interface ProblemFormat {
  readonly hasColours: boolean;
  /** What these are: `warning` paints them yellow. */
  readonly severity?: 'problem' | 'warning';
}

const EXCERPT_CHARS_MAX = 110;
/** How much of the line stands before the place when the line is longer. */
const LEAD_CHARS = 60;

/**
 * For people at a terminal: the place, the sentence, the hint, and the line itself with a mark under the place.
 *
 *     evenkeel.yaml:7:5  services.web.helth is not a known key. Did you mean "health"?
 *
 *        7 |     helth: /health
 *          |     ^
 */
export function formatProblems(problems: readonly Problem[], format: ProblemFormat): string {
  return problems.map((problem) => formatProblem(problem, format)).join('\n');
}

function formatProblem(problem: Problem, { hasColours, severity = 'problem' }: ProblemFormat): string {
  const paint = (code: number, text: string) => (hasColours && text !== '' ? `\u{1b}[${code}m${text}\u{1b}[0m` : text);
  const colour = severity === 'problem' ? RED : YELLOW;
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const sentence = [printable(problem.message), printable(problem.hint ?? '')].filter(Boolean).join(' ');
  const head = `${paint(BOLD, printable(place))}  ${sentence}\n`;
  if (problem.excerpt.trim() === '') return head;

  const { text, column } = window(printable(problem.excerpt).replaceAll('\t', ' '), problem.column);
  const number = String(problem.line).padStart(4);
  const gutter = ' '.repeat(number.length);
  const mark = `${' '.repeat(column - 1)}${paint(colour, '^')}`;
  return `${head}\n${paint(DIM, `${number} |`)} ${text}\n${paint(DIM, `${gutter} |`)} ${mark}\n`;
}

const BOLD = 1;
const DIM = 2;
const RED = 31;
const YELLOW = 33;

/** The part of a long line around the place. */
function window(line: string, column: number): { readonly text: string; readonly column: number } {
  if (line.length <= EXCERPT_CHARS_MAX) return { text: line, column: Math.min(column, line.length + 1) };
  const start = Math.max(0, Math.min(column - 1 - LEAD_CHARS, line.length - EXCERPT_CHARS_MAX));
  const end = start + EXCERPT_CHARS_MAX;
  const text = `${start > 0 ? '…' : ''}${line.slice(start, end)}${end < line.length ? '…' : ''}`;
  return { text, column: column - start + (start > 0 ? 1 : 0) };
}

/** A file must not steer the terminal it is shown on. */
// oxlint-disable-next-line no-control-regex -- these are the characters to find
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

function printable(text: string): string {
  return text.replaceAll(CONTROL, '\u{fffd}');
}
