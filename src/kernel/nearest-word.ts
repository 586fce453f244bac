/** The word meant by a mistyped one; undefined when nothing is near enough to be more than a guess. */
export function nearestWord(typed: string, words: Iterable<string>): string | undefined {
  const mistakesMax = Math.min(3, Math.max(1, Math.floor(typed.length / 3)));
  let nearest: string | undefined;
  let fewest = mistakesMax + 1;
  for (const word of words) {
    if (Math.abs(word.length - typed.length) >= fewest) continue;
    const mistakes = distance(typed.toLowerCase(), word.toLowerCase());
    if (mistakes < fewest) [nearest, fewest] = [word, mistakes];
  }
  return nearest;
}

/** How a suggestion is said, everywhere. */
export function didYouMean(typed: string, words: Iterable<string>): string | undefined {
  const nearest = nearestWord(typed, words);
  return nearest === undefined ? undefined : `Did you mean "${nearest}"?`;
}

/**
 * Damerau-Levenshtein distance in its "optimal string alignment" form: insertions, deletions, replacements and swaps of
 * neighbours count one each. Three rows of the table suffice, because a swap looks back two.
 */
function distance(from: string, to: string): number {
  let twoBack: readonly number[] = [];
  let previous: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwap = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          at(previous, column) + 1,
          at(current, column - 1) + 1,
          at(previous, column - 1) + (isSame ? 0 : 1),
          isSwap ? at(twoBack, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [twoBack, previous] = [previous, current];
  }
  return at(previous, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
