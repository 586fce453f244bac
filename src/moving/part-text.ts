import { type Document, isMap, isScalar, Pair, parseDocument, Scalar, YAMLMap } from 'yaml';
import { IMPORT_SECTIONS } from './plan.ts';
import type { Place, Sections, SettledItem } from './settlement.ts';

const LINE_WIDTH = 120;
const COMMENT_CHARS_MAX = 110;

/** What a person made of the file cannot be added to without loss; the message says what it is, without a full stop. */
export class Unwritable extends Error {}

/** A file as data, by section; empty for what is not written as a map, and for what cannot be read. */
export function sectionsIn(text: string): Sections {
  const content = dataIn(parseDocument(text, { logLevel: 'silent' }));
  if (!isRecord(content)) return {};
  return Object.fromEntries(
    Object.entries(content).filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1])),
  );
}

export interface PartHead {
  /** What is typed, e.g. `kuma`. */
  readonly type: string;
  readonly title: string;
}

/** Undefined where aliases lead nowhere, or multiply without end: the parser throws at both. */
function dataIn(document: Document): unknown {
  try {
    return document.toJS();
  } catch {
    return undefined;
  }
}

/**
 * The file with what is created and changed. Comments, and the order in which people put things, stay. Throws
 * `Unwritable`.
 */
export function partText(before: string | undefined, settled: readonly SettledItem[], head: PartHead): string {
  const changes = settled.filter(({ outcome }) => outcome === 'created' || outcome === 'changed');
  if (changes.length === 0) return before ?? '';
  const document = writableIn(before ?? '');
  if (before === undefined) document.commentBefore = introduction(head);
  for (const section of IMPORT_SECTIONS) {
    for (const item of changes) if (item.place?.section === section) write(document, item, item.place);
  }
  return printed(document);
}

/** With the usual log level, a second document in the file is an error as well: it would be lost. */
function writableIn(text: string): Document {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new Unwritable(firstLineOf(error));
  const { contents } = document;
  if (contents !== null && !isMap(contents) && !isNothing(contents)) {
    throw new Unwritable('it is not written as keys and values');
  }
  return document;
}

function printed(document: Document): string {
  try {
    return document.toString({ lineWidth: LINE_WIDTH });
  } catch (error) {
    // An alias of what was written over, or of what was never there.
    throw new Unwritable(error instanceof Error ? firstLineOf(error) : '', { cause: error });
  }
}

function firstLineOf({ message }: Error): string {
  return (message.split('\n')[0] ?? '').replace(/[.:\s]+$/, '');
}

function write(document: Document, { from, notes, title }: SettledItem, { section, name, entry }: Place): void {
  const map = mapAt(document, section);
  const value = document.createNode(entry);
  if (map.has(name)) {
    map.set(name, value);
    return;
  }
  const key = new Scalar(name);
  key.commentBefore = comment([`${title}: ${from}.`, ...notes]);
  key.spaceBefore = map.items.length > 0;
  map.add(new Pair(key, value));
}

function mapAt(document: Document, section: string): YAMLMap {
  const found: unknown = document.get(section, true);
  if (isMap(found)) return found;
  const map = new YAMLMap();
  if (document.has(section)) {
    if (!isNothing(found)) throw new Unwritable(`\`${section}\` is not written as names and entries`);
    document.set(section, map);
    return map;
  }
  const top = isMap(document.contents) ? document.contents : new YAMLMap();
  document.contents = top;
  const key = new Scalar(section);
  key.spaceBefore = top.items.length > 0;
  top.add(new Pair(key, map));
  return map;
}

/** A key with nothing behind it, or a file without any. */
function isNothing(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function introduction({ type, title }: PartHead): string {
  return comment([
    `Carried over from ${title} by \`evenkeel import ${type}\`. It is a part of your manifest, and yours: what you edit here stays as it is when you import again. imported-${type}.json beside it remembers what was written.`,
  ]);
}

/** Lines of a comment; what people wrote elsewhere must not end one. */
function comment(sentences: readonly string[]): string {
  return sentences
    .flatMap((sentence) => wrapped(sentence.replaceAll(/\p{C}+/gu, ' ')))
    .map((text) => ` ${text}`)
    .join('\n');
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > COMMENT_CHARS_MAX) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
