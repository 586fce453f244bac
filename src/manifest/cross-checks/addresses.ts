import { type Finding, formatPath } from '../problem.ts';
import type { Manifest } from '../schema.ts';
import { placeOfKey, type Tree } from '../tree.ts';

/** A health path needs an address to be relative to. */
export function checkAddresses(manifest: Manifest, tree: Tree): readonly Finding[] {
  return Object.entries(manifest.services ?? {}).flatMap(([name, { health, url }]) => {
    if (health === undefined || URL.canParse(health) || url !== undefined) return [];
    const path = ['services', name, 'health'];
    return [
      {
        place: placeOfKey(tree, path),
        path,
        message: `${formatPath(path)} is a path, but the service has no url it could belong to.`,
        hint: `Add \`url: http://…\` to ${name}, or write the whole address.`,
      },
    ];
  });
}
