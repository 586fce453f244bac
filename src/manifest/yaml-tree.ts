import { Composer, type CST, type Document, LineCounter, Parser } from 'yaml';
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
  const refuse = (offset: number, message: string, hint?: string): ParsedFile => ({
    outcome: 'invalid',
    findings: [{ place: at(offset), message, hint }],
  });

  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const tooDeep = firstTooDeep(tokens, DEPTH_MAX);
  if (tooDeep !== undefined) return refuse(tooDeep, `This is nested more than ${DEPTH_MAX} levels deep.`);

  const [document, second] = compose(tokens, text.length);
  if (second !== undefined) {
    return refuse(second.range[0], 'A second document starts here; only one is read.', 'Remove the line `---`.');
  }
  // Only the first: what follows a mistake of syntax is usually its echo.
  const [mistake] = [...(document?.errors ?? []), ...(document?.warnings ?? [])];
  if (mistake !== undefined) {
    const { message, hint } = explainSyntax(mistake);
    return refuse(mistake.pos[0], message, hint);
  }

  const grown = growTree(document?.contents ?? null, { text, at, depthMax: DEPTH_MAX, valuesMax: VALUES_MAX });
  if (grown.findings.length > 0) return { outcome: 'invalid', findings: grown.findings };
  if (grown.tree.kind === 'map') return { outcome: 'parsed', tree: grown.tree };
  if (grown.tree.kind === 'scalar' && grown.tree.value === null) {
    return { outcome: 'parsed', tree: { kind: 'map', place: at(0), entries: new Map() } };
  }
  return {
    outcome: 'invalid',
    findings: [{ place: grown.tree.place, message: 'Expected keys such as `app:` at the top of the file.' }],
  };
}

/**
 * Keys are compared by us: the library compares each with each, which takes a minute for a file of a megabyte, and it
 * does not say where the other one is.
 */
function compose(tokens: readonly CST.Token[], length: number): readonly Document.Parsed[] {
  const composer = new Composer({ uniqueKeys: false, stringKeys: true, resolveKnownTags: false, logLevel: 'silent' });
  return composer.compose(tokens, true, length).take(2).toArray();
}
