import { bold, clip, type Piece, Styled, widthOf } from './styled.ts';

export interface Column {
  readonly title: string;
  /** Numbers stand right, so that their digits line up. */
  readonly isNumeric?: boolean;
  /** May be shortened when the terminal is narrow; without such a column the table is as wide as it is. */
  readonly mayShrink?: boolean;
}

const GAP = 2;
const SHRUNK_MIN = 12;

/** Lines of an aligned table. `columns` is the width to fit into; null fits everything, as a pipe does. */
export function table(head: readonly Column[], rows: readonly (readonly Piece[])[], width: number | null): Styled[] {
  const titles = head.map(({ title }) => title.toUpperCase());
  const lines = rows.map((row) => row.map(inOneLine));
  const natural = head.map((_column, index) => Math.max(...[titles, ...lines].map((row) => widthOf(row[index] ?? ''))));
  const widths = width === null ? natural : fit(head, natural, width);
  return [titles.map((title) => bold(title)), ...lines].map((row) => tableRow(head, row, widths));
}

/** A line break in what a server said would write a row of its own. */
function inOneLine(piece: Piece): Piece {
  if (typeof piece === 'string') return piece.replaceAll(/[\t\n]+/g, ' ');
  if (piece instanceof Styled) return new Styled(piece.style, piece.pieces.map(inOneLine));
  return typeof piece === 'number' ? piece : piece.map(inOneLine);
}

function tableRow(head: readonly Column[], row: readonly Piece[], widths: readonly number[]): Styled {
  const cells = head.map((column, index) => {
    const width = widths[index] ?? 0;
    const cell = clip(row[index] ?? '', width);
    const padding = ' '.repeat(width - widthOf(cell));
    if (column.isNumeric === true) return [padding, cell];
    return index === head.length - 1 ? [cell] : [cell, padding];
  });
  return new Styled(
    'plain',
    cells.map((cell, index) => (index === 0 ? cell : [' '.repeat(GAP), cell])),
  );
}

/** Takes what is too much from the columns that may shrink, the widest first. */
function fit(head: readonly Column[], natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, each) => sum + each, GAP * (widths.length - 1)) - width;
  while (excess > 0) {
    const widest = head
      .map((column, index) => ({ index, width: column.mayShrink === true ? (widths[index] ?? 0) : 0 }))
      .reduce((best, each) => (each.width > best.width ? each : best));
    if (widest.width <= SHRUNK_MIN) break;
    widths[widest.index] = widest.width - 1;
    excess -= 1;
  }
  return widths;
}
