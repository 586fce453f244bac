import { type Finding, formatPath, type Path, type Place } from './problem.ts';
import type { Entry, MapNode } from './tree.ts';

/**
 * The files as one tree. Maps merge key by key; anything else may be said once only, because whichever of two values
 * won would surprise somebody.
 */
export function mergeFiles(trees: readonly [MapNode, ...MapNode[]]): { tree: MapNode; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const [first, ...parts] = trees;
  const tree = parts.reduce((merged, part) => mergeMaps(merged, part, []), first);
  return { tree, findings };

  function mergeMaps(into: MapNode, from: MapNode, path: Path): MapNode {
    const entries = new Map(into.entries);
    for (const [name, entry] of from.entries) {
      const earlier = entries.get(name);
      entries.set(name, earlier === undefined ? entry : mergeEntries(earlier, entry, [...path, name]));
    }
    return { ...into, entries };
  }

  function mergeEntries(earlier: Entry, entry: Entry, path: Path): Entry {
    // The second level names things: `services.web` in two files would be two services of one name.
    if (path.length === 1 && earlier.value.kind === 'map' && entry.value.kind === 'map') {
      return { ...earlier, value: mergeMaps(earlier.value, entry.value, path) };
    }
    findings.push({
      place: entry.keyPlace,
      path,
      message: `${formatPath(path)} is already defined in ${say(earlier.keyPlace)}.`,
      hint: 'Keep one of the two.',
    });
    return earlier;
  }
}

function say({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
