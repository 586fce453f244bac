import { fieldsIn, textIn } from '../../fields.ts';
import type { ImportSource } from '../../import-source.ts';
import { cannot, carried, type ImportItem, leftOut } from '../../plan.ts';
import { channelItems } from './channels.ts';
import { endpointOf, type Watched } from './endpoints.ts';
import { externalOf } from './external.ts';
import { maintenanceItems } from './maintenance.ts';
import { type GatusConfig, readGatus } from './read.ts';
import { suiteOf } from './suites.ts';

export const gatus: ImportSource = {
  type: 'gatus',
  title: 'Gatus',
  summary: 'Reads config.yaml, or a folder of such files: endpoints, suites, alerting, maintenance.',
  example: 'config/config.yaml',
  testedAgainst: 'the examples of the published manual of Gatus, not a running one',
  async plan({ where, io, nameFor }) {
    const config = await readGatus(where, io);
    const context = { alerting: config.merged('alerting'), nameFor };
    const external = config.list('external-endpoints');
    const tokens = external.map(({ fields }) => textIn(fields, 'token')?.trim() ?? '');
    const watched = [
      ...config.list('endpoints').map((placed) => endpointOf(placed, context)),
      ...external.map((placed) => externalOf(placed, context, tokens)),
      ...config.list('suites').map((placed) => suiteOf(placed, context)),
    ];
    const items = [
      ...watched.map(({ item }) => item),
      ...channelItems(config, nameFor),
      ...maintenanceItems(config, watched, nameFor),
      ...groupItems(watched),
      ...otherItems(config),
    ];
    return { items, notes: notesOn(config, watched) };
  },
};

/** Gatus shows whatever has no group as well; here it would be private beside groups. */
const UNGROUPED = 'Other';

function groupItems(watched: readonly Watched[]): readonly ImportItem[] {
  if (watched.every(({ group }) => group === null)) return [];
  const groups = new Map<string, string[]>();
  for (const { group, item } of watched.toSorted(
    (one, other) => Number(one.group === null) - Number(other.group === null),
  )) {
    if (item.target === undefined) continue;
    const heading = group ?? UNGROUPED;
    groups.set(heading, [...(groups.get(heading) ?? []), item.target.name]);
  }
  const [first] = watched;
  if (groups.size === 0 || first === undefined) return [];
  const found = {
    key: 'groups all',
    what: 'status page',
    title: 'groups',
    from: first.placed.from.replace(/:\d+$/, ''),
  };
  const note = 'Whatever else you watch is private until it stands in a group as well.';
  return [carried(found, { section: 'status', name: 'groups', entry: Object.fromEntries(groups) }, [note])];
}

/** Sections that say what Gatus itself should be like. */
const OTHERS: Readonly<Record<string, string>> = {
  announcements: 'Evenkeel has no announcements; planned work is told by `maintenance`.',
  remote: 'Evenkeel shows no other instance; run `evenkeel probe` where you want to look from.',
  security:
    'Evenkeel does not take over who may log in; whatever is not public needs a token (`evenkeel token create`).',
  tunneling: 'Evenkeel does not ask through SSH tunnels; run `evenkeel probe` behind them.',
  ui: 'The look of the page is not carried over; its heading and its links are under `status`.',
};

function otherItems(config: GatusConfig): readonly ImportItem[] {
  return config.keys.flatMap((key) => {
    const found = { key: `section ${key}`, what: 'section', title: key, from: config.place(key) };
    if (key === 'connectivity') return [connectivityItem(found, config)];
    if (key === 'storage') return [leftOut(found, 'Evenkeel keeps its history in a database of its own.')];
    const because = Object.hasOwn(OTHERS, key) ? OTHERS[key] : undefined;
    return because === undefined ? [] : [cannot(found, because)];
  });
}

function connectivityItem(found: Parameters<typeof cannot>[0], config: GatusConfig): ImportItem {
  const checker = fieldsIn(config.merged('connectivity'), 'checker') ?? {};
  const line = `connectivity: [${JSON.stringify(textIn(checker, 'target') ?? '1.1.1.1:53')}]`;
  return cannot(found, `It holds for all of Evenkeel; write \`${line}\` into your manifest yourself.`);
}

const NOT_NEEDED = ['web', 'metrics', 'concurrency', 'disable-monitoring-lock', 'skip-invalid-config-update', 'debug'];

function notesOn(config: GatusConfig, watched: readonly Watched[]): readonly string[] {
  const quiet = watched.filter(({ item, alerts }) => item.target !== undefined && alerts === 0).length;
  const dropped = config.keys.filter((key) => NOT_NEEDED.includes(key));
  return [
    ...(quiet > 0 ? [`${quiet} of them had no alerts in Gatus; here everything that is watched alerts.`] : []),
    ...(dropped.length > 0 ? [`Nothing here needs ${dropped.map((key) => `\`${key}\``).join(', ')}.`] : []),
  ];
}
