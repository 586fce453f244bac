import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

export interface Document {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
}

/** What people read: everything in Markdown that is ours. */
export const DOCUMENTS: readonly Document[] = globSync(['*.md', 'docs/**/*.md', 'examples/*/README.md'], { cwd: ROOT })
  .toSorted()
  .map((file) => ({ file, text: readDocument(file) }));

export function readDocument(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

/** The contents of the fenced blocks in one language, in order. */
export function blocksOf(text: string, language: string): readonly string[] {
  const blocks = text.matchAll(/^```(?<language>\w+)\n(?<content>.*?)^```$/gms);
  return [...blocks].flatMap(({ groups }) => (groups?.['language'] === language ? [groups['content'] ?? ''] : []));
}

/** What a person would type, line by line. */
export function commandsIn(text: string): readonly string[] {
  const lines = blocksOf(text, 'sh').flatMap((block) => block.split('\n'));
  return lines.map((line) => line.replace(/\s+#.*$/, '').trim()).filter((line) => line !== '');
}

/** The text without its fenced blocks. */
export function proseOf(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, '');
}
