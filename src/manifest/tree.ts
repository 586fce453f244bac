import type { Path, Place } from './problem.ts';

/** A YAML value that knows where it is written: everything after parsing works on these. */
export type Tree = ScalarNode | MapNode | ListNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: string | number | boolean | null;
  /** The text in the file, quotes included. */
  readonly written: string;
  /** Without quotes. */
  readonly isPlain: boolean;
  /** What interpolation put into it; empty for text that was written out. */
  readonly inserted: readonly Inserted[];
}

export interface Inserted {
  /** `${DATABASE_URL}`, without its default. */
  readonly reference: string;
  readonly value: string;
}

export interface MapNode {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  readonly keyPlace: Place;
  readonly value: Tree;
}

export interface ListNode {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly Tree[];
}

export function nodeAt(tree: Tree, path: Path): Tree | undefined {
  let node: Tree | undefined = tree;
  for (const step of path) node = node === undefined ? undefined : childOf(node, step);
  return node;
}

function childOf(node: Tree, step: string | number): Tree | undefined {
  if (node.kind === 'map') return node.entries.get(String(step))?.value;
  return node.kind === 'list' && typeof step === 'number' ? node.items[step] : undefined;
}

/** The place of the value; of something that is not there, the place where it would be expected. */
export function placeOfValue(tree: Tree, path: Path): Place {
  for (let length = path.length; length > 0; length -= 1) {
    const node = nodeAt(tree, path.slice(0, length));
    if (node === undefined) continue;
    return length === path.length ? node.place : placeOfKey(tree, path.slice(0, length));
  }
  return tree.place;
}

/** The place of the key that names it; of a list's item, the place of the item. */
export function placeOfKey(tree: Tree, path: Path): Place {
  const last = path.at(-1);
  const parent = nodeAt(tree, path.slice(0, -1));
  const entry = parent?.kind === 'map' && last !== undefined ? parent.entries.get(String(last)) : undefined;
  return entry?.keyPlace ?? placeOfValue(tree, path);
}

/** Plain data for the schema, and nothing of where it stood. */
export function toData(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value;
  if (tree.kind === 'list') return tree.items.map(toData);
  return Object.fromEntries([...tree.entries].map(([key, { value }]) => [key, toData(value)]));
}

/** The same tree with every scalar replaced by what `change` makes of it. */
export function mapScalars(tree: Tree, change: (scalar: ScalarNode, path: Path) => ScalarNode, path: Path = []): Tree {
  if (tree.kind === 'scalar') return change(tree, path);
  if (tree.kind === 'list') {
    return { ...tree, items: tree.items.map((item, index) => mapScalars(item, change, [...path, index])) };
  }
  const entries = [...tree.entries].map(([key, entry]) => {
    return [key, { ...entry, value: mapScalars(entry.value, change, [...path, key]) }] as const;
  });
  return { ...tree, entries: new Map(entries) };
}

export function scalarsOf(tree: Tree): readonly ScalarNode[] {
  if (tree.kind === 'scalar') return [tree];
  const children = tree.kind === 'list' ? tree.items : [...tree.entries.values()].map(({ value }) => value);
  return children.flatMap(scalarsOf);
}

/** How many values it holds, itself included, and over how many levels. */
export function measure(tree: Tree): { readonly values: number; readonly levels: number } {
  if (tree.kind === 'scalar') return { values: 1, levels: 1 };
  const children = tree.kind === 'list' ? tree.items : [...tree.entries.values()].map(({ value }) => value);
  let values = 1;
  let levels = 0;
  for (const child of children) {
    const size = measure(child);
    values += size.values;
    levels = Math.max(levels, size.levels);
  }
  return { values, levels: levels + 1 };
}
