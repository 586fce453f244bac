import { canonicalEnvironment, environmentsOf } from '../environments.ts';
import { type Finding, formatPath, type Path } from '../problem.ts';
import type { Manifest } from '../schema.ts';
import { placeOfKey, type Tree } from '../tree.ts';

/** No environment stands there twice under two names, and deploys know only those the application has. */
export function checkEnvironments(manifest: Manifest, tree: Tree): readonly Finding[] {
  const deployed = Object.keys(manifest.deploy ?? {}).filter((key) => canonicalEnvironment(key) !== undefined);
  const known = environmentsOf(manifest);
  return [
    ...doubled(Object.keys(manifest.environments ?? {}), ['environments'], tree),
    ...doubled(deployed, ['deploy'], tree),
    ...deployed.flatMap((name) => {
      if (known.includes(canonicalEnvironment(name) ?? '')) return [];
      const path = ['deploy', name];
      const message = `${formatPath(path)}: the application has no environment "${name}".`;
      return [{ place: placeOfKey(tree, path), path, message, hint: 'Add it to `environments`.' }];
    }),
  ];
}

function doubled(names: readonly string[], parent: Path, tree: Tree): readonly Finding[] {
  const seen = new Map<string, string>();
  return names.flatMap((name) => {
    const canonical = canonicalEnvironment(name) ?? name;
    const earlier = seen.get(canonical);
    seen.set(canonical, earlier ?? name);
    if (earlier === undefined) return [];
    const path = [...parent, name];
    const message = `${formatPath(path)}: ${name} and ${earlier} are names of the same environment.`;
    return [{ place: placeOfKey(tree, path), path, message, hint: 'Keep one of them.' }];
  });
}
