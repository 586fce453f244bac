import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** How often an alias may stand for something that is large: a file that grows when it is read is none of ours. */
const ALIASES_MAX = 1000;

export type YamlPath = readonly (string | number)[];

export interface YamlSource {
  readonly content: unknown;
  /** Where something begins, counted from 1: its key in a map, its first character in a list. The nearest that is known. */
  lineOf(path: YamlPath): number;
}

/** Any text as YAML, with merge keys (`<<`). What cannot be read is a value: a sentence without a full stop. */
export function readYaml(text: string): YamlSource | { readonly problem: string } {
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent', merge: true, prettyErrors: false });
    const [error] = document.errors;
    if (error !== undefined) return { problem: `line ${lines.linePos(error.pos[0]).line}: ${plain(error.message)}` };
    const content: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return { content, lineOf: (path) => lines.linePos(offsetOf(document.contents, path)).line };
  } catch (error) {
    // Aliases that multiply, nesting without end, and tags that are no YAML 1.2: the parser throws at each of them.
    return { problem: `it is no YAML that can be read (${plain(error instanceof Error ? error.message : '')})` };
  }
}

function offsetOf(root: unknown, path: YamlPath): number {
  let node = root;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const found = stepInto(node, step);
    if (found === undefined) return offset;
    offset = found.offset ?? offset;
    node = found.node;
  }
  return offset;
}

function stepInto(
  node: unknown,
  step: string | number,
): { readonly node: unknown; readonly offset?: number } | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? undefined : within(item, startOf(item));
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => (isScalar(key) ? String(key.value) : undefined) === String(step));
  return pair === undefined ? undefined : within(pair.value, startOf(pair.key));
}

function within(node: unknown, offset: number | undefined) {
  return { node, ...(offset !== undefined && { offset }) };
}

function startOf(node: unknown): number | undefined {
  if (isPair(node)) return startOf(node.key);
  return isNode(node) || isAlias(node) ? node.range?.[0] : undefined;
}

function plain(message: string): string {
  return (
    message
      .split('\n')[0]
      ?.replaceAll(/\p{C}+/gu, ' ')
      .replace(/[.:\s]+$/, '')
      .slice(0, 120) ?? ''
  );
}
