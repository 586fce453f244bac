import { Secret } from '../kernel/secret.ts';
import { formatPath, type Path } from './problem.ts';
import { nodeAt, type Tree } from './tree.ts';

/**
 * A secret prints as the reference it came from, e.g. `${DATABASE_URL}`, or else as its place, e.g. `services.db.url`.
 * Only a reference that stands alone is a name: what is written around it may be a part of the secret.
 */
export function nameSecrets(data: unknown, tree: Tree, path: Path = []): void {
  if (data instanceof Secret) {
    data.rename(referenceAt(tree, path) ?? formatPath(path));
  } else if (Array.isArray(data)) {
    for (const [index, item] of data.entries()) nameSecrets(item, tree, [...path, index]);
  } else if (typeof data === 'object' && data !== null) {
    for (const [key, value] of Object.entries(data)) nameSecrets(value, tree, [...path, key]);
  }
}

function referenceAt(tree: Tree, path: Path): string | undefined {
  const node = nodeAt(tree, path);
  if (node?.kind !== 'scalar') return undefined;
  const [only, second] = node.inserted;
  return only !== undefined && second === undefined && only.value === node.value ? only.reference : undefined;
}
