import { type Finding, formatPath, type Path, type Place } from '../problem.ts';
import type { Manifest } from '../schema.ts';
import { placeOfKey, placeOfValue, type Tree } from '../tree.ts';

/** Names stand in addresses, metrics and commands: nothing there should need quoting. */
const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;
const NAMED = [
  'services',
  'monitors',
  'thresholds',
  'maintenance',
  'people',
  'channels',
  'oncall',
  'escalate',
  'vaults',
] as const;

/** Names are well formed, and nothing shares a name with something it could be mistaken for. */
export function checkNames(manifest: Manifest, tree: Tree): readonly Finding[] {
  return [
    ...NAMED.flatMap((section) => Object.keys(manifest[section] ?? {}).flatMap((name) => malformed([section, name]))),
    ...shared(manifest, tree, ['services', 'monitors'], 'Services and monitors'),
    ...shared(manifest, tree, ['people', 'oncall', 'channels'], 'People, rotations and channels'),
    ...earlierNames(manifest, tree),
  ];

  function malformed(path: readonly [section: string, name: string]): readonly Finding[] {
    if (NAME.test(path[1])) return [];
    return [
      {
        place: placeOfKey(tree, path),
        path,
        message: `${formatPath(path)}: expected a name of at most 63 letters, digits, hyphens and underscores.`,
      },
    ];
  }
}

type Named = (typeof NAMED)[number];

function shared(manifest: Manifest, tree: Tree, sections: readonly Named[], who: string): readonly Finding[] {
  const findings: Finding[] = [];
  const taken = new Map<string, Path>();
  for (const section of sections) {
    for (const name of Object.keys(manifest[section] ?? {})) {
      const path = [section, name];
      const earlier = taken.get(name);
      taken.set(name, earlier ?? path);
      if (earlier === undefined) continue;
      findings.push({
        place: placeOfKey(tree, path),
        path,
        message: `${formatPath(path)}: "${name}" is already the name of ${formatPath(earlier)}.`,
        hint: `${who} share their names; it stands in ${say(placeOfKey(tree, earlier))}.`,
      });
    }
  }
  return findings;
}

/** `was:` moves history: two claims on one history, or one on a living thing's, would mix it up. */
function earlierNames(manifest: Manifest, tree: Tree): readonly Finding[] {
  const findings: Finding[] = [];
  const living = new Set([...Object.keys(manifest.services ?? {}), ...Object.keys(manifest.monitors ?? {})]);
  const claimed = new Map<string, Path>();
  for (const section of ['services', 'monitors'] as const) {
    for (const [name, { was = [] }] of Object.entries(manifest[section] ?? {})) {
      const path = [section, name, 'was'];
      const object = (message: string) => findings.push({ place: placeOfValue(tree, path), path, message });
      for (const earlier of [was].flat()) {
        const claim = claimed.get(earlier);
        if (living.has(earlier)) object(`${formatPath(path)}: "${earlier}" is still the name of something here.`);
        else if (claim !== undefined) object(`${formatPath(path)}: ${formatPath(claim)} claims "${earlier}" too.`);
        claimed.set(earlier, path);
      }
    }
  }
  return findings;
}

function say({ file, line }: Place): string {
  return `${file}:${line}`;
}
