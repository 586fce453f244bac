import { didYouMean } from '../../kernel/nearest-word.ts';
import { type Finding, formatPath, type Path } from '../problem.ts';
import type { Manifest } from '../schema.ts';
import { placeOfKey, placeOfValue, type Tree } from '../tree.ts';

interface Node {
  readonly section: 'services' | 'monitors';
  readonly needs: readonly Need[];
}

interface Need {
  readonly name: string;
  readonly path: Path;
}

/** Everything that is depended on, or is in a group, exists; and nothing depends on itself in the end. */
export function checkDependencies(manifest: Manifest, tree: Tree): readonly Finding[] {
  const graph = graphOf(manifest);
  return [...strangers(graph, tree), ...cyclesIn(graph).map((cycle) => circular(cycle, graph, tree))];
}

type Graph = ReadonlyMap<string, Node>;

function strangers(graph: Graph, tree: Tree): readonly Finding[] {
  return [...graph].flatMap(([name, { needs }]) => {
    const others = [...graph.keys()].filter((other) => other !== name);
    return needs
      .filter((need) => !graph.has(need.name))
      .map(({ name: needed, path }) => ({
        place: placeOfValue(tree, path),
        path,
        message: `${formatPath(path)}: there is no service or monitor "${needed}".`,
        hint: didYouMean(needed, others),
      }));
  });
}

function circular(cycle: readonly string[], graph: Graph, tree: Tree): Finding {
  const [name = '', next = name] = cycle;
  const { section = '', needs = [] } = graph.get(name) ?? {};
  const key = needs.find((each) => each.name === next)?.path[2] ?? 'depends_on';
  const path = [section, name, key];
  return {
    place: placeOfKey(tree, path),
    path,
    message: `${formatPath(path)}: these depend on each other in a circle: ${[...cycle, name].join(' → ')}.`,
    hint: 'Remove one of the arrows: a failure must have a first cause.',
  };
}

function graphOf(manifest: Manifest): Graph {
  const graph = new Map<string, Node>();
  for (const section of ['services', 'monitors'] as const) {
    for (const [name, entry] of Object.entries(manifest[section] ?? {})) {
      const members = section === 'monitors' ? manifest.monitors?.[name]?.['group'] : [];
      const needs = [
        ...needsIn([section, name, 'depends_on'], entry.depends_on),
        ...needsIn([section, name, 'group'], members),
      ];
      graph.set(name, { section, needs });
    }
  }
  return graph;
}

function needsIn(path: Path, names: unknown): readonly Need[] {
  return Array.isArray(names) ? names.map((name, index) => ({ name: String(name), path: [...path, index] })) : [];
}

/** One circle for each set of names that form one; without recursion, because a chain may be long. */
function cyclesIn(graph: Graph): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const done = new Set<string>();
  for (const start of graph.keys()) {
    const trail: string[] = [];
    const pending: { readonly name: string; readonly depth: number }[] = [{ name: start, depth: 0 }];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { name, depth } = next;
      for (const left of trail.splice(depth)) done.add(left);
      const index = trail.indexOf(name);
      if (index !== -1) cycles.push(trail.slice(index));
      if (index !== -1 || done.has(name)) continue;
      trail.push(name);
      pending.push(...(graph.get(name)?.needs ?? []).map((needed) => ({ name: needed.name, depth: depth + 1 })));
    }
    for (const left of trail) done.add(left);
  }
  return cycles;
}
