import { type Alias, isAlias, isMap, isScalar, isSeq, type ParsedNode, type Scalar, type YAMLMap } from 'yaml';
import type { Finding, Place } from './problem.ts';
import { type Entry, type ListNode, type MapNode, measure, type ScalarNode, type Tree } from './tree.ts';

export interface Soil {
  readonly text: string;
  readonly at: (offset: number) => Place;
  readonly depthMax: number;
  readonly valuesMax: number;
}

/** Turns the library's nodes into ours: aliases written out within limits, merge keys merged, doubled keys refused. */
export function growTree(root: ParsedNode | null, { text, at, depthMax, valuesMax }: Soil) {
  const findings: Finding[] = [];
  const anchors = new Map<string, Tree>();
  let values = 0;
  const tree = root === null ? emptyAt(at(0)) : grow(root, 0);
  return { tree, findings };

  function grow(node: ParsedNode, depth: number): Tree {
    if (isAlias(node)) return writeOut(node, depth);
    values += 1;
    const grown = growNew(node, depth);
    if (node.anchor !== undefined) anchors.set(node.anchor, grown);
    return grown;
  }

  function growNew(node: Exclude<ParsedNode, Alias>, depth: number): Tree {
    const place = at(node.range[0]);
    if (isMap(node)) return growMap(node, place, depth);
    if (isSeq(node)) {
      return { kind: 'list', place, items: node.items.map((item) => grow(item, depth + 1)) } satisfies ListNode;
    }
    return growScalar(node, place);
  }

  function growScalar(node: Scalar.Parsed, place: Place): ScalarNode {
    const { value } = node;
    const isUsable = value === null || ['string', 'number', 'boolean'].includes(typeof value);
    if (!isUsable) findings.push({ place, message: 'This kind of value means nothing here.' });
    return {
      kind: 'scalar',
      place,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- checked just above
      value: (isUsable ? value : null) as ScalarNode['value'],
      written: text.slice(node.range[0], node.range[1]),
      isPlain: node.type === 'PLAIN',
      inserted: [],
    };
  }

  function growMap(node: YAMLMap.Parsed, place: Place, depth: number): MapNode {
    const entries = new Map<string, Entry>();
    const merged: Tree[] = [];
    for (const { key, value } of node.items) {
      const keyPlace = at(key.range[0]);
      const name = isScalar(key) ? String(key.value) : '';
      const child = value === null ? emptyAt(keyPlace) : grow(value, depth + 1);
      const earlier = entries.get(name);
      if (name === '<<') merged.push(child);
      else if (name === '__proto__') findings.push({ place: keyPlace, message: '`__proto__` cannot be a key.' });
      else if (earlier === undefined) entries.set(name, { keyPlace, value: child });
      else findings.push(doubled(name, keyPlace, earlier.keyPlace));
    }
    for (const source of merged) mergeInto(entries, source);
    return { kind: 'map', place, entries };
  }

  /** `<<: *defaults` gives what the map does not say itself; of several sources the first one wins. */
  function mergeInto(entries: Map<string, Entry>, source: Tree): void {
    for (const map of source.kind === 'list' ? source.items : [source]) {
      if (map.kind !== 'map') {
        findings.push({ place: map.place, message: 'Only keys can be merged with `<<`.' });
        continue;
      }
      for (const [name, entry] of map.entries) if (!entries.has(name)) entries.set(name, entry);
    }
  }

  function writeOut(alias: Alias.Parsed, depth: number): Tree {
    const place = at(alias.range[0]);
    const refuse = (message: string): Tree => {
      findings.push({ place, message });
      return emptyAt(place);
    };
    // Once the limit is passed nothing more is written out: a bomb is refused at its first spark.
    if (values > valuesMax) return emptyAt(place);
    const target = anchors.get(alias.source);
    if (target === undefined) return refuse(`There is no anchor &${alias.source} above this line.`);
    const size = measure(target);
    values += size.values;
    if (values > valuesMax) return refuse(`With its aliases written out this file has more than ${valuesMax} values.`);
    if (depth + size.levels > depthMax) return refuse(`With this alias the file is more than ${depthMax} levels deep.`);
    return target;
  }
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
