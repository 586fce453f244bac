import { isDeepStrictEqual } from 'node:util';
import type { Place, Sections, SettledItem } from './settlement.ts';
import type { Plain } from './written.ts';

/**
 * The items without the names of monitors that the manifest will not have: a page or a window must not be lost because
 * of one of those on it. What is then as it stands in the file already is no change. `imported` is that file.
 */
export function withoutNames(
  items: readonly SettledItem[],
  refused: ReadonlySet<string>,
  imported: Sections,
): readonly SettledItem[] {
  return items.map((item) => {
    const { place, outcome } = item;
    if (place === undefined || outcome === 'cannot') return item;
    const entry = withoutNamesIn(place, refused);
    if (isDeepStrictEqual(entry, place.entry)) return item;
    const isThere = outcome === 'changed' && isDeepStrictEqual(imported[place.section]?.[place.name], entry);
    return { ...item, place: { ...place, entry }, outcome: isThere ? 'there' : outcome };
  });
}

function withoutNamesIn({ section, name, entry }: Place, refused: ReadonlySet<string>): Plain {
  if (!isMap(entry)) return entry;
  const without = (value: Plain) =>
    isList(value) ? value.filter((each) => typeof each !== 'string' || !refused.has(each)) : value;
  if (section === 'status' && name === 'groups') {
    const groups = Object.entries(entry).map(([heading, members]) => [heading, without(members)] as const);
    return Object.fromEntries(groups.filter(([, members]) => !isList(members) || members.length > 0));
  }
  if (section === 'status' && name === 'names') {
    return Object.fromEntries(Object.entries(entry).filter(([monitor]) => !refused.has(monitor)));
  }
  const lists = LISTS[section] ?? [];
  return Object.fromEntries(
    Object.entries(entry).map(([key, value]) => [key, lists.includes(key) ? without(value) : value] as const),
  );
}

/** Keys whose values are names of monitors. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  maintenance: ['monitors'],
  monitors: ['group', 'depends_on'],
};

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function isMap(value: Plain): value is Readonly<Record<string, Plain>> {
  return typeof value === 'object' && !Array.isArray(value);
}
