import { type Alias, isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import type { Finding, Place } from './problem.ts';
import { type Entry, type MapNode, measure, type ScalarNode, type Tree } from './tree.ts';

export interface Soil {
  readonly text: string;
  readonly at: (offset: number) => Place;
  readonly depthMax: number;
  readonly valuesMax: number;
}

interface Growth extends Soil {
  readonly findings: Finding[];
  /** What each anchor names, from where it ends on: an alias can never reach itself. */
  readonly anchors: Map<string, Tree>;
  values: number;
}

/** Turns the library's nodes into ours: aliases written out within limits, merge keys merged, doubled keys refused. */
export function growTree(root: ParsedNode | null, soil: Soil): { tree: Tree; findings: readonly Finding[] } {
  const growth: Growth = { ...soil, findings: [], anchors: new Map(), values: 0 };
  const tree = root === null ? emptyAt(soil.at(0)) : grow(root, 0, growth);
  return { tree, findings: growth.findings };
}

function grow(node: ParsedNode, depth: number, growth: Growth): Tree {
  if (isAlias(node)) return writeOut(node, depth, growth);
  growth.values += 1;
  const tree = growNew(node, depth, growth);
  if (node.anchor !== undefined) growth.anchors.set(node.anchor, tree);
  return tree;
}

function growNew(node: Exclude<ParsedNode, Alias>, depth: number, growth: Growth): Tree {
  if (isMap(node)) return growMap(node, depth, growth);
  if (!isSeq(node)) return growScalar(node, growth);
  const place = growth.at(node.range[0]);
  return { kind: 'list', place, items: node.items.map((item) => grow(item, depth + 1, growth)) };
}

function growScalar({ value, type, range }: Scalar.Parsed, { at, text, findings }: Growth): ScalarNode {
  const place = at(range[0]);
  const isUsable = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  if (!isUsable) findings.push({ place, message: 'This kind of value means nothing here.' });
  return {
    kind: 'scalar',
    place,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked just above
    value: (isUsable ? value : null) as ScalarNode['value'],
    written: text.slice(range[0], range[1]),
    isPlain: type === 'PLAIN',
    inserted: [],
  };
}

function growMap({ items, range }: YAMLMap.Parsed, depth: number, growth: Growth): MapNode {
  const entries = new Map<string, Entry>();
  const merged: Tree[] = [];
  for (const { key, value } of items) {
    const keyPlace = growth.at(key.range[0]);
    const name = isScalar(key) ? String(key.value) : '';
    const child = value === null ? emptyAt(keyPlace) : grow(value, depth + 1, growth);
    const earlier = entries.get(name);
    if (name === '<<') merged.push(child);
    else if (name === '__proto__') growth.findings.push({ place: keyPlace, message: '`__proto__` cannot be a key.' });
    else if (earlier === undefined) entries.set(name, { keyPlace, value: child });
    else growth.findings.push(doubled(name, keyPlace, earlier.keyPlace));
  }
  for (const source of merged) mergeInto(entries, source, growth);
  return { kind: 'map', place: growth.at(range[0]), entries };
}

/** `<<: *defaults` gives what the map does not say itself; of several sources the first one wins. */
function mergeInto(entries: Map<string, Entry>, source: Tree, { findings }: Growth): void {
  for (const map of source.kind === 'list' ? source.items : [source]) {
    if (map.kind !== 'map') {
      findings.push({ place: map.place, message: 'Only keys can be merged with `<<`.' });
      continue;
    }
    for (const [name, entry] of map.entries) if (!entries.has(name)) entries.set(name, entry);
  }
}

/** A bomb of aliases is refused at its first spark: once the limit is passed nothing more is written out. */
function writeOut(alias: Alias.Parsed, depth: number, growth: Growth): Tree {
  const { at, anchors, findings, valuesMax, depthMax } = growth;
  const place = at(alias.range[0]);
  const refuse = (message: string): Tree => {
    findings.push({ place, message });
    return emptyAt(place);
  };
  if (growth.values > valuesMax) return emptyAt(place);
  const target = anchors.get(alias.source);
  if (target === undefined) return refuse(`There is no anchor &${alias.source} above this line.`);
  const size = measure(target);
  growth.values += size.values;
  if (growth.values > valuesMax) return refuse(`With its aliases written out this file has over ${valuesMax} values.`);
  if (depth + size.levels > depthMax) return refuse(`With this alias the file is over ${depthMax} levels deep.`);
  return target;
}

function emptyAt(place: Place): ScalarNode {
  return { kind: 'scalar', place, value: null, written: '', isPlain: true, inserted: [] };
}

function doubled(name: string, place: Place, earlier: Place): Finding {
  return {
    place,
    message: `The key "${name}" stands here a second time.`,
    hint: `The first one is in line ${earlier.line}; keep one of them.`,
  };
}
