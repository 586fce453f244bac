import { didYouMean } from '../../kernel/nearest-word.ts';
import { type Finding, formatPath, type Path } from '../problem.ts';
import type { Manifest } from '../schema.ts';
import { placeOfKey, placeOfValue, type Tree } from '../tree.ts';

/** What is referred to by name exists. */
export function checkReferences(manifest: Manifest, tree: Tree): readonly Finding[] {
  const watched = namesOf(manifest.services, manifest.monitors);
  const people = namesOf(manifest.people);
  const told = namesOf(manifest.people, manifest.oncall, manifest.channels);
  const vaults = namesOf(manifest.vaults);
  return [
    ...entriesOf(manifest.status?.groups).flatMap(([group, members]) =>
      unknownIn(members, { path: ['status', 'groups', group], known: watched, what: 'service or monitor' }),
    ),
    ...Object.keys(manifest.status?.names ?? {}).flatMap((name) =>
      unknown(name, { path: ['status', 'names', name], known: watched, what: 'service or monitor', isKey: true }),
    ),
    ...entriesOf(manifest.maintenance).flatMap(([window, { monitors = [] }]) =>
      unknownIn(monitors, { path: ['maintenance', window, 'monitors'], known: watched, what: 'service or monitor' }),
    ),
    ...entriesOf(manifest.oncall).flatMap(([name, rotation]) => {
      const [turn, members] = 'weekly' in rotation ? ['weekly', rotation.weekly] : ['daily', rotation.daily];
      return unknownIn(members, { path: ['oncall', name, turn], known: people, what: 'person' });
    }),
    ...entriesOf(manifest.escalate).flatMap(([policy, levels]) =>
      levels.flatMap(({ notify }, index) => {
        const path = ['escalate', policy, index, 'notify'];
        return unknownIn(notify, { path, known: told, what: 'person, rotation or channel' });
      }),
    ),
    ...entriesOf(manifest.services).flatMap(([service, { backup }]) => {
      if (typeof backup !== 'object' || backup.vault === undefined) return [];
      return unknown(backup.vault, { path: ['services', service, 'backup', 'vault'], known: vaults, what: 'vault' });
    }),
  ];

  function unknownIn(names: readonly string[], where: Where): readonly Finding[] {
    return names.flatMap((name, index) => unknown(name, { ...where, path: [...where.path, index] }));
  }

  function unknown(name: string, { path, known, what, isKey = false }: Where): readonly Finding[] {
    if (known.has(name)) return [];
    const place = isKey ? placeOfKey(tree, path) : placeOfValue(tree, path);
    return [
      { place, path, message: `${formatPath(path)}: there is no ${what} "${name}".`, hint: didYouMean(name, known) },
    ];
  }
}

interface Where {
  readonly path: Path;
  readonly known: ReadonlySet<string>;
  readonly what: string;
  /** The name is a key, not a value. */
  readonly isKey?: boolean;
}

function namesOf(...sections: readonly (Readonly<Record<string, unknown>> | undefined)[]): ReadonlySet<string> {
  return new Set(sections.flatMap((section) => Object.keys(section ?? {})));
}

function entriesOf<Value>(section: Readonly<Record<string, Value>> | undefined): readonly (readonly [string, Value])[] {
  return Object.entries(section ?? {});
}
