import type { State } from '../../contracts/state.ts';

/** How a piece of text looks on a terminal that can show it; without colours nothing is lost but the look. */
export type Style = 'plain' | 'bold' | 'dim' | 'good' | 'warning' | 'bad' | 'calm';

/**
 * Text for a terminal that cannot be hijacked: whatever stands in it is shown, never obeyed. Escape sequences are
 * written in one place, `render`, and only for colours of our own.
 */
export class Styled {
  readonly style: Style;
  readonly pieces: readonly Piece[];

  constructor(style: Style, pieces: readonly Piece[]) {
    this.style = style;
    this.pieces = pieces;
  }
}

export type Piece = string | number | Styled | readonly Piece[];

/** The terminal's sibling of `html`: the template is ours, the values may come from anywhere. */
export function line(literals: TemplateStringsArray, ...values: readonly Piece[]): Styled {
  return new Styled(
    'plain',
    literals.flatMap((literal, index) => [literal, values[index] ?? '']),
  );
}

export const bold = (...pieces: readonly Piece[]): Styled => new Styled('bold', pieces);
export const dim = (...pieces: readonly Piece[]): Styled => new Styled('dim', pieces);
export const good = (...pieces: readonly Piece[]): Styled => new Styled('good', pieces);
export const warning = (...pieces: readonly Piece[]): Styled => new Styled('warning', pieces);
export const bad = (...pieces: readonly Piece[]): Styled => new Styled('bad', pieces);

const STATE_LOOK: Readonly<Record<State, readonly [style: Style, symbol: string]>> = {
  up: ['good', '✓'],
  degraded: ['warning', '!'],
  down: ['bad', '✗'],
  maintenance: ['calm', '◆'],
  unknown: ['dim', '?'],
};

/** A state always carries its word; the symbol and the colour only help the eye. */
export function stateWord(state: State): Styled {
  const [style, symbol] = STATE_LOOK[state];
  return new Styled(style, [`${symbol} ${state}`]);
}

/** The numbers of "select graphic rendition"; every terminal since the VT100 knows the first eight colours. */
const SGR: Readonly<Record<Style, readonly [on: number, off: number] | undefined>> = {
  plain: undefined,
  bold: [1, 22],
  dim: [2, 22],
  good: [32, 39],
  warning: [33, 39],
  bad: [31, 39],
  calm: [34, 39],
};

export function render(piece: Piece, hasColours: boolean): string {
  if (typeof piece === 'string') return printable(piece);
  if (typeof piece === 'number') return String(piece);
  if (!(piece instanceof Styled)) return piece.map((part) => render(part, hasColours)).join('');
  const text = render(piece.pieces, hasColours);
  const codes = SGR[piece.style];
  if (!hasColours || codes === undefined || text === '') return text;
  return `\u{1b}[${codes[0]}m${text}\u{1b}[${codes[1]}m`;
}

/** Control characters but tab and newline, and the marks that turn the reading direction around. */
const CONTROL = /[[\p{Cc}--[\t\n]]\u202a-\u202e\u2066-\u2069]/gv;

export function printable(text: string): string {
  return text.replaceAll(CONTROL, '\u{fffd}');
}

/** Making one takes 15 ms, so whoever prints nothing that needs one does not pay for it. */
let segmenter: Intl.Segmenter | undefined;
/** What every command line tool prints most: each character takes one column. */
const PLAIN = /^[ -~]*$/;
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** How many columns it takes: ideographs and emoji take two. */
export function widthOf(piece: Piece): number {
  const text = render(piece, false);
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** At most `width` columns; what does not fit gives way to an ellipsis. Styles within the text are lost, its own stays. */
export function clip(piece: Piece, width: number): Piece {
  if (widthOf(piece) <= width) return piece;
  let text = '';
  let used = 0;
  for (const { segment } of graphemesOf(render(piece, false))) {
    used += WIDE.test(segment) ? 2 : 1;
    if (used >= width) break;
    text += segment;
  }
  const clipped = `${text.trimEnd()}…`;
  return piece instanceof Styled ? new Styled(piece.style, [clipped]) : clipped;
}
