import { Secret } from '../../kernel/secret.ts';
import { type Finding, formatPath, type Path } from '../problem.ts';
import type { Manifest } from '../schema.ts';
import { placeOfValue, type Tree } from '../tree.ts';

/** A job that calls an address means one monitor. What the key is, nobody is told. */
export function checkPingKeys(manifest: Manifest, tree: Tree): readonly Finding[] {
  const taken = new Map<string, Path>();
  return Object.entries(manifest.monitors ?? {}).flatMap(([name, entry]) => {
    const key = entry['heartbeat'] === undefined ? undefined : entry['key'];
    if (!(key instanceof Secret)) return [];
    const path = ['monitors', name, 'key'];
    const earlier = taken.get(key.reveal());
    taken.set(key.reveal(), earlier ?? path);
    if (earlier === undefined) return [];
    return [
      {
        place: placeOfValue(tree, path),
        path,
        message: `${formatPath(path)} is the same as ${formatPath(earlier)}: nobody could tell whose ping it is.`,
        hint: 'Give each heartbeat a key of its own, or leave it out and use the address that we make.',
      },
    ];
  });
}
