import { Composer, type CST, type Document, LineCounter, type ParsedNode, Parser } from 'yaml';
import { firstTooDeep } from './nesting.ts';
import type { Finding, Place } from './problem.ts';
import { explainSyntax } from './syntax-wording.ts';
import type { MapNode } from './tree.ts';
import { growTree } from './tree-growth.ts';

/** Deeper than any manifest needs, and far from where recursion would end the process. */
const DEPTH_MAX = 40;
/** How many values one file may hold once its aliases are written out. */
const VALUES_MAX = 100_000;

export type ParsedFile =
  | { readonly outcome: 'parsed'; readonly tree: MapNode }
  | { readonly outcome: 'invalid'; readonly findings: readonly Finding[] };

/** One file's text as a tree. Nothing is filled in yet, and nothing about its meaning is known. */
export function parseYaml(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const composed = compose([...new Parser(lines.addNewLine).parse(text)], text);
  if (composed.outcome === 'mistake') {
    const { offset, message, hint } = composed;
    return { outcome: 'invalid', findings: [{ place: at(offset), message, hint }] };
  }

  const { tree, findings } = growTree(composed.contents, { text, at, depthMax: DEPTH_MAX, valuesMax: VALUES_MAX });
  if (findings.length > 0) return { outcome: 'invalid', findings };
  if (tree.kind === 'map') return { outcome: 'parsed', tree };
  // Only comments, or nothing at all: a file that adds nothing.
  const isEmpty = tree.kind === 'scalar' && tree.value === null;
  if (isEmpty) return { outcome: 'parsed', tree: { kind: 'map', place: at(0), entries: new Map() } };
  const message = 'Expected keys such as `app:` at the top of the file.';
  return { outcome: 'invalid', findings: [{ place: tree.place, message }] };
}

type Composed =
  | { readonly outcome: 'composed'; readonly contents: ParsedNode | null }
  | { readonly outcome: 'mistake'; readonly offset: number; readonly message: string; readonly hint?: string };

function compose(tokens: readonly CST.Token[], text: string): Composed {
  const tooDeep = firstTooDeep(tokens, DEPTH_MAX);
  if (tooDeep !== undefined) {
    return { outcome: 'mistake', offset: tooDeep, message: `This is nested more than ${DEPTH_MAX} levels deep.` };
  }

  const [document, second] = documentsOf(tokens, text.length);
  if (second !== undefined) {
    const message = 'A second document starts here; only one is read.';
    return { outcome: 'mistake', offset: second.range[0], message, hint: 'Remove the line `---`.' };
  }
  if (document === undefined) return { outcome: 'composed', contents: null };
  // Only the first: what follows a mistake of syntax is usually its echo.
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake === undefined) return { outcome: 'composed', contents: document.contents };
  return { outcome: 'mistake', offset: mistake.pos[0], ...explainSyntax(mistake, text) };
}

/**
 * Keys are compared by us: the library compares each with each, which takes a minute for a file of a megabyte, and it
 * does not say where the other one is.
 */
function documentsOf(tokens: readonly CST.Token[], length: number): readonly Document.Parsed[] {
  const composer = new Composer({ uniqueKeys: false, stringKeys: true, resolveKnownTags: false, logLevel: 'silent' });
  return composer.compose(tokens, true, length).take(2).toArray();
}
