import type { Writable } from 'node:stream';
import { codeOf } from '../../kernel/errors.ts';
import { encodeJson } from './json-text.ts';
import { clip, type Piece, render } from './styled.ts';

/** Where a command talks. Data goes to stdout, talk to stderr, so that a pipe carries nothing but the answer. */
export interface Terminal {
  /** A line of the answer, on stdout. */
  readonly out: (text: Piece) => void;
  /** The whole answer as one JSON document, on stdout. */
  readonly json: (document: unknown) => void;
  /** A part of a long answer, on stdout; fulfils when there is room for the next. */
  readonly stream: (chunk: string | Uint8Array) => Promise<void>;
  /** A line for the person, on stderr. */
  readonly note: (text: Piece) => void;
  /**
   * Writes one line over and over on stderr, and takes it away with null. Missing where the line would not stay one: in
   * a pipe, on a dumb terminal, and for a screen reader.
   */
  readonly live: ((text: Piece | null) => void) | null;
  /** Columns of stdout; null when it is not a terminal, and nothing has to be shortened. */
  readonly columns: number | null;
}

/** What `app/` knows about the two streams and the wishes of the person in front of them. */
export interface TerminalFacts {
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** The variables NO_COLOR, TERM and ACCESSIBLE as they are set. */
  readonly noColour: string | undefined;
  readonly term: string | undefined;
  readonly accessible: string | undefined;
}

export function createTerminal(facts: TerminalFacts): Terminal {
  const { stdout, stderr } = facts;
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe);
  const write = (stream: TerminalFacts['stderr'], text: Piece) =>
    stream.write(`${render(text, mayColour(stream, facts))}\n`);
  return {
    out: (text) => void write(stdout, text),
    note: (text) => void write(stderr, text),
    json: (document) => void stdout.write(`${encodeJson(document, 2)}\n`),
    stream: (chunk) => writeWhole(stdout, chunk),
    live: mayColour(stderr, facts) ? (text) => void stderr.write(liveLine(text, stderr.columns)) : null,
    columns: stdout.isTTY === true ? (stdout.columns ?? 80) : null,
  };
}

/** https://no-color.org: set and not empty. A dumb terminal cannot, a screen reader should not have to. */
function mayColour(stream: TerminalFacts['stderr'], facts: TerminalFacts): boolean {
  const isUnwanted = Boolean(facts.noColour) || Boolean(facts.accessible) || facts.term === 'dumb';
  return stream.isTTY === true && !isUnwanted;
}

/** Back to the first column, the text, and away with what is left of the one before. One line, whatever is in it. */
function liveLine(text: Piece | null, columns = 80): string {
  const shown = text === null ? '' : render(clip(text, columns - 1), true).replaceAll('\n', ' ');
  return `\r${shown}\u{1b}[K`;
}

/** `evenkeel monitor list | head -1` closes the pipe early; that is a wish, not a failure. */
function ignoreClosedPipe(error: unknown): void {
  if (codeOf(error) !== 'EPIPE') throw error;
}

function writeWhole(stream: Writable, chunk: string | Uint8Array): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  return promise;
}
