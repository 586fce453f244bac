import { type Finding, formatPath, type Path } from '../problem.ts';
import type { Manifest } from '../schema.ts';
import { placeOfValue, type Tree } from '../tree.ts';

/** A group names each member once, and does not ask for more of them than it has. */
export function checkGroups(manifest: Manifest, tree: Tree): readonly Finding[] {
  return Object.entries(manifest.monitors ?? {}).flatMap(([name, { group, min_up: least }]) => {
    if (!Array.isArray(group)) return [];
    const twice = group.flatMap((member, index) =>
      group.indexOf(member) === index
        ? []
        : [finding(tree, ['monitors', name, 'group', index], `"${member}" is named twice.`)],
    );
    const isTooMany = typeof least === 'number' && least > group.length;
    const many = `expected at most ${group.length}, for the group has no more members.`;
    return isTooMany ? [...twice, finding(tree, ['monitors', name, 'min_up'], many)] : twice;
  });
}

function finding(tree: Tree, path: Path, message: string): Finding {
  return { place: placeOfValue(tree, path), path, message: `${formatPath(path)}: ${message}` };
}
