import { dim, line, type Piece, type Styled } from './styled.ts';

/** One line for each thing there is to say, names aligned; what is null is left out. */
export function fields(values: Readonly<Record<string, Piece | null>>): readonly Styled[] {
  const entries = Object.entries(values).filter((entry): entry is [string, Piece] => entry[1] !== null);
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => line`  ${dim(name.padEnd(width))}  ${value}`);
}
