import type { CST } from 'yaml';

/**
 * Where the first value deeper than `depthMax` starts; undefined when there is none. Walks the tokens without
 * recursion: the composer that comes after recurses, and a file of brackets alone would overflow its stack.
 */
export function firstTooDeep(tokens: readonly CST.Token[], depthMax: number): number | undefined {
  let level: readonly CST.Token[] = tokens;
  for (let depth = 0; level.length > 0; depth += 1) {
    // A document is a token around the first level.
    if (depth > depthMax + 1) return level[0]?.offset;
    level = level.flatMap(childrenOf);
  }
  return undefined;
}

function childrenOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((child) => isToken(child)));
}

function isToken(child: CST.Token | null | undefined): child is CST.Token {
  return child !== null && child !== undefined;
}
