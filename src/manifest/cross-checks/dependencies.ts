import { didYouMean } from '../../kernel/nearest-word.ts';
import { type Finding, formatPath } from '../problem.ts';
import type { Manifest } from '../schema.ts';
import { placeOfKey, placeOfValue, type Tree } from '../tree.ts';

interface Node {
  readonly section: 'services' | 'monitors';
  readonly needs: readonly string[];
}

/** Everything that is depended on exists, and nothing depends on itself in the end. */
export function checkDependencies(manifest: Manifest, tree: Tree): readonly Finding[] {
  const graph = graphOf(manifest);
  const findings: Finding[] = [];
  for (const [name, { section, needs }] of graph) {
    for (const [index, needed] of needs.entries()) {
      if (graph.has(needed)) continue;
      const path = [section, name, 'depends_on', index];
      findings.push({
        place: placeOfValue(tree, path),
        path,
        message: `${formatPath(path)}: there is no service or monitor "${needed}".`,
        hint: didYouMean(
          needed,
          [...graph.keys()].filter((other) => other !== name),
        ),
      });
    }
  }

  for (const cycle of cyclesIn(graph)) {
    const [name = ''] = cycle;
    const path = [graph.get(name)?.section ?? '', name, 'depends_on'];
    findings.push({
      place: placeOfKey(tree, path),
      path,
      message: `${formatPath(path)}: these depend on each other in a circle: ${[...cycle, name].join(' → ')}.`,
      hint: 'Remove one of the arrows: a failure must have a first cause.',
    });
  }
  return findings;
}

function graphOf(manifest: Manifest): ReadonlyMap<string, Node> {
  const graph = new Map<string, Node>();
  for (const section of ['services', 'monitors'] as const) {
    for (const [name, { depends_on: needs = [] }] of Object.entries(manifest[section] ?? {})) {
      graph.set(name, { section, needs });
    }
  }
  return graph;
}

/** One circle for each set of names that form one; without recursion, because a chain may be long. */
function cyclesIn(graph: ReadonlyMap<string, Node>): readonly (readonly string[])[] {
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
      pending.push(...(graph.get(name)?.needs ?? []).map((needed) => ({ name: needed, depth: depth + 1 })));
    }
    for (const left of trail) done.add(left);
  }
  return cycles;
}
