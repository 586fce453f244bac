/** `1 problem`, `2 problems`: a number with its noun, for nouns that take a plain s. */
export function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
