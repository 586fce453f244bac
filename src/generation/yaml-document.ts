import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { SourceText } from './project-view.ts';

export interface YamlDocument {
  readonly content: unknown;
  /** The line, counted from 1, of the key at this path; 1 when it is not there. */
  lineOf(path: readonly [string, ...string[]]): number;
}

/** Beyond it a file is made to explode, not to be read. */
const ALIASES_MAX = 200;

/** Throws for what is not YAML, with the line and the parser's own sentence. */
export function parseYaml({ text }: SourceText): YamlDocument {
  const lines = new LineCounter();
  const options = {
    lineCounter: lines,
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  } as const;
  const document = parseDocument(text, options);
  const [mistake] = document.errors;
  if (mistake !== undefined) {
    const what = mistake.code === 'RESOURCE_EXHAUSTION' ? 'it is nested too deep' : mistake.message;
    throw new Error(`line ${lines.linePos(mistake.pos[0]).line}: ${what}`);
  }
  return {
    content: document.toJS({ maxAliasCount: ALIASES_MAX }),
    lineOf(path) {
      const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
      const pair = isMap(parent)
        ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
        : undefined;
      return isScalar(pair?.key) ? Math.max(lines.linePos(pair.key.range?.[0] ?? 0).line, 1) : 1;
    },
  };
}
