import { type Fields, isFields, listIn, textIn } from '../../fields.ts';
import type { ImportSource } from '../../import-source.ts';
import type { NameFor } from '../../names.ts';
import { cannot, carried, type ImportItem, leftOut } from '../../plan.ts';
import { readSummary, type StatusSummary } from './read.ts';

const DESCRIPTION_CHARS_MAX = 200;
const NAME_CHARS_MAX = 60;
const TITLE_CHARS_MAX = 80;
/** Of components that stand in no group there: here, what is in none is private. */
const UNGROUPED = 'Services';

export const statuspage: ImportSource = {
  type: 'statuspage',
  title: 'Statuspage',
  summary: 'Reads what a Statuspage publishes: components become monitors that people set, under the same headings.',
  example: 'https://status.shop.example',
  testedAgainst: 'answers as version 2 of its public API documents them, not a running one',
  async plan({ where, io, nameFor }) {
    const summary = await readSummary(where, io);
    const components = componentsOf(summary, where, nameFor);
    const items = [
      ...components.map(({ item }) => item),
      ...pageItems(summary, components, where),
      ...maintenanceItems({ summary, components, where, nameFor, now: io.now() }),
      ...summary.incidents.map((incident, index) => incidentItem(incident, `${where}, incident ${index + 1}`)),
    ];
    return { items, notes: [NOT_PUBLISHED, BY_HAND, OTHERS] };
  },
};

const NOT_PUBLISHED = 'Subscribers and past incidents are not carried over: the page does not publish them as a whole.';
const BY_HAND =
  'Each component is `manual`: people say how it is (`evenkeel monitor set`). What you watch already can take its place under `status.groups`.';
const OTHERS = 'To watch the page of somebody else instead, use a monitor of the type `statuspage`.';

interface Component {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  readonly heading: string;
  readonly item: ImportItem;
}

/** In the order of the page. */
function componentsOf({ components }: StatusSummary, where: string, nameFor: NameFor): readonly Component[] {
  const headings = new Map(
    components
      .filter((each) => each['group'] === true)
      .map((group) => [textIn(group, 'id') ?? '', titleOf(group)] as const),
  );
  return components
    .map((fields, index) => ({ fields, from: `${where}, component ${index + 1}` }))
    .filter(({ fields }) => fields['group'] !== true)
    .map(({ fields, from }, index) => {
      const title = titleOf(fields);
      const id = textIn(fields, 'id') ?? String(index + 1);
      const found = { key: `component ${id}`, what: 'component', title, from };
      const name = nameFor('watched', found.key, title);
      const description = textIn(fields, 'description')?.replaceAll(/\s+/g, ' ').trim().slice(0, DESCRIPTION_CHARS_MAX);
      const target = { section: 'monitors', name, entry: { manual: true, description } } as const;
      const heading = headings.get(textIn(fields, 'group_id') ?? '') ?? UNGROUPED;
      return { id, title, name, heading, item: carried(found, target, notesOn(fields)) };
    });
}

function titleOf(fields: Fields): string {
  return textIn(fields, 'name')?.trim() ?? 'without a name';
}

function notesOn(component: Fields): readonly string[] {
  const status = textIn(component, 'status') ?? 'operational';
  return [
    ...(status === 'operational'
      ? []
      : [`There it is ${status.replaceAll('_', ' ').slice(0, 40)} now; say so here with \`evenkeel monitor set\`.`]),
    ...(component['only_show_if_degraded'] === true
      ? ['There it is shown only while it does not work well; here it is always shown.']
      : []),
  ];
}

function pageItems({ page }: StatusSummary, components: readonly Component[], where: string): readonly ImportItem[] {
  const title = titleOf(page).slice(0, TITLE_CHARS_MAX);
  const part = (key: string, entry: Parameters<typeof carried>[1]['entry'], notes: readonly string[] = []) => {
    const found = { key: `page ${key}`, what: 'status page', title: key, from: where };
    return carried(found, { section: 'status', name: key, entry }, notes);
  };
  const headings = [...new Set(components.map(({ heading }) => heading))];
  const groups = headings.map((heading) => {
    return [heading, components.filter((each) => each.heading === heading).map(({ name }) => name)] as const;
  });
  const names = components
    .filter(({ name, title: own }) => own !== name)
    .map(({ name, title: own }) => [name, own.slice(0, NAME_CHARS_MAX)] as const);
  const isPrivate = 'Whatever else you watch is private until it stands in a group as well.';
  return [
    part('title', title),
    ...(groups.length === 0 ? [] : [part('groups', Object.fromEntries(groups), [isPrivate])]),
    ...(names.length === 0 ? [] : [part('names', Object.fromEntries(names))]),
  ];
}

interface Maintenances {
  readonly summary: StatusSummary;
  readonly components: readonly Component[];
  readonly where: string;
  readonly nameFor: NameFor;
  readonly now: number;
}

function maintenanceItems({ summary, components, where, nameFor, now }: Maintenances): readonly ImportItem[] {
  return summary.maintenances.map((fields, index) => {
    const key = `maintenance ${textIn(fields, 'id') ?? String(index + 1)}`;
    const title = titleOf(fields);
    const found = { key, what: 'maintenance', title, from: `${where}, maintenance ${index + 1}` };
    const [from, until] = ['scheduled_for', 'scheduled_until'].map((each) => Date.parse(textIn(fields, each) ?? ''));
    if (from === undefined || until === undefined || Number.isNaN(from + until))
      return cannot(found, 'It does not say when it is.');
    if (until <= now) return leftOut(found, 'It is over.');
    const about = new Set(
      listIn(fields, 'components')
        .filter(isFields)
        .map((each) => textIn(each, 'id')),
    );
    const monitors = components.filter(({ id }) => about.has(id)).map(({ name }) => name);
    if (monitors.length === 0) return cannot(found, 'It is about no component that is carried over.');
    const entry = { title: title.slice(0, 200), monitors, from: written(from), until: written(until) };
    return carried(found, { section: 'maintenance', name: nameFor('windows', key, title), entry });
  });
}

function written(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function incidentItem(incident: Fields, from: string): ImportItem {
  const found = { key: `incident ${textIn(incident, 'id') ?? from}`, what: 'incident', title: titleOf(incident), from };
  return cannot(
    found,
    'Only people can say how it goes on; set what it is about with `evenkeel monitor set` once you have moved.',
  );
}
