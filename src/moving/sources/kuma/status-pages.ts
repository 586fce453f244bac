import type { Row } from '../../import-source.ts';
import { cannot, carried, type ImportItem, leftOut } from '../../plan.ts';
import type { Written } from '../../written.ts';
import type { KumaData } from './data.ts';
import { flagIn, numberIn, textIn } from './row.ts';

const NAME_CHARS_MAX = 60;

/** The first status page that is public; here there is one. */
export function statusItems(data: KumaData, nameOf: (id: unknown) => string | undefined): readonly ImportItem[] {
  let isTaken = false;
  return data.statusPages.flatMap((page) => {
    const title = textIn(page, 'title') ?? textIn(page, 'slug') ?? 'status page';
    const key = `status-page ${String(page['id'])}`;
    const found = { key, what: 'status page', title, from: data.place('status_page', page) };
    if (!flagIn(page, 'published')) return [leftOut(found, 'It is not published in Kuma.')];
    if (isTaken) return [cannot(found, 'Evenkeel has one status page, and another one of Kuma is carried over.')];
    isTaken = true;
    return pageItems(found, page, { data, nameOf });
  });
}

interface Context {
  readonly data: KumaData;
  readonly nameOf: (id: unknown) => string | undefined;
}

function pageItems(found: Parameters<typeof cannot>[0], page: Row, context: Context): readonly ImportItem[] {
  const { groups, names, missing } = groupsOf(page, context);
  const item = (name: string, entry: Written, notes: readonly string[] = []) =>
    carried({ ...found, key: `${found.key} ${name}` }, { section: 'status', name, entry }, notes);
  const left = missing.length === 0 ? [] : [`Not carried over, and so not on it: ${missing.join(', ')}.`];
  return [
    item('title', found.title.slice(0, 80), lostOf(page)),
    ...(Object.keys(groups).length === 0 ? [] : [item('groups', groups, left)]),
    ...(Object.keys(names).length === 0 ? [] : [item('names', names)]),
  ];
}

interface Member {
  /** What Kuma calls it. */
  readonly title: string;
  /** Undefined when it is not carried over. */
  readonly name: string | undefined;
}

function groupsOf(page: Row, context: Context) {
  const groups = byWeight(context.data.groups.filter((each) => each['status_page_id'] === page['id']));
  const found = groups.map((group) => ({
    heading: textIn(group, 'name') ?? 'Services',
    members: membersOf(group, context),
  }));
  const all = found.flatMap(({ members }) => members);
  const byHeading = Object.groupBy(found, ({ heading }) => heading);
  const named = Object.entries(byHeading).map(([heading, parts = []]) => {
    const names = parts.flatMap(({ members }) => members.flatMap(({ name }) => name ?? []));
    return [heading, [...new Set(names)]] as const;
  });
  return {
    groups: Object.fromEntries(named.filter(([, names]) => names.length > 0)),
    names: Object.fromEntries(
      all.flatMap(({ name, title }) =>
        name === undefined || name === title ? [] : [[name, title.slice(0, NAME_CHARS_MAX)]],
      ),
    ),
    missing: all.filter(({ name }) => name === undefined).map(({ title }) => title),
  };
}

function membersOf(group: Row, { data, nameOf }: Context): readonly Member[] {
  const rows = byWeight(data.grouped.filter((each) => each['group_id'] === group['id']));
  return rows.map(({ monitor_id: id }) => {
    const monitor = data.monitors.find((each) => each['id'] === id) ?? {};
    return { title: textIn(monitor, 'name') ?? `monitor ${String(id)}`, name: nameOf(id) };
  });
}

function byWeight(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((one, other) => (numberIn(one, 'weight') ?? 0) - (numberIn(other, 'weight') ?? 0));
}

/** What a page has there and none has here. */
const LOST: readonly (readonly [column: string, what: string])[] = [
  ['description', 'its description'],
  ['custom_css', 'its own style sheet'],
  ['footer_text', 'its footer'],
  ['google_analytics_tag_id', 'its analytics'],
  ['analytics_id', 'its analytics'],
  ['password', 'its password'],
];

function lostOf(page: Row): readonly string[] {
  const isThemed = !['auto', 'light', ''].includes(textIn(page, 'theme') ?? '');
  const lost = LOST.filter(([column]) => textIn(page, column) !== undefined).map(([, what]) => what);
  const all = [...new Set([...(isThemed ? ['its theme'] : []), ...lost])];
  return all.length === 0 ? [] : [`The page has none of this here: ${all.join(', ')}.`];
}
