/** What a table says of a word that came from a source: every object has a `constructor`, which none of ours means. */
export function ownEntry<Value>(table: Readonly<Record<string, Value>>, word: string): Value | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
