import type { Row } from '../../import-source.ts';
import type { NameFor } from '../../names.ts';
import { cannot, type ImportItem } from '../../plan.ts';
import { composeReferences } from '../../reference-text.ts';
import { attempt, Unlike } from '../../unlike.ts';
import { channelItems } from '../kuma/channels.ts';
import type { KumaData } from '../kuma/data.ts';
import { mapMonitors } from '../kuma/monitors.ts';
import { labelsOf } from './environment.ts';
import type { ComposeService } from './read.ts';

/** One thing that AutoKuma would make in an Uptime Kuma: `kuma.<id>.<type>.<setting>`. */
interface Labelled {
  readonly id: string;
  readonly type: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly from: string;
}

const LABEL = /^kuma\.(?<id>[^.]+)\.(?<type>[a-z_-]+)\.(?<setting>.+)$/;

export function isLabelled({ fields }: ComposeService): boolean {
  return [...labelsOf(fields).keys()].some((label) => label.startsWith('kuma.'));
}

/** What labels for AutoKuma ask for, as a Uptime Kuma would have it. */
export function labelItems(services: readonly ComposeService[], nameFor: NameFor): readonly ImportItem[] {
  const labelled = services.flatMap(labelledIn);
  const odd = labelled.flatMap((each) => {
    const because = oddBecause(each);
    return because === undefined
      ? []
      : [cannot({ key: `label ${each.id}`, what: 'label', title: each.id, from: each.from }, because)];
  });
  const sound = labelled.filter((each) => oddBecause(each) === undefined);
  const data = kumaOf(sound);
  // Kuma counts its rows, and the order of labels may change: the name of the label is what stays.
  const keyOf = (key: string) => key.replace(/\d+/, (id) => sound[Number(id) - 1]?.id ?? id);
  const named: NameFor = (space, key, title) => nameFor(space, keyOf(key), title);
  const items = [...mapMonitors(data, named).items, ...channelItems(data, named)].map((item) => ({
    ...item,
    key: keyOf(item.key),
  }));
  return [...items, ...snippets(services), ...odd];
}

function labelledIn(service: ComposeService): readonly Labelled[] {
  const found = new Map<string, { type: string; settings: Record<string, string> }>();
  for (const [label, value] of labelsOf(service.fields)) {
    const { id, type, setting } = LABEL.exec(label)?.groups ?? {};
    if (id === undefined || type === undefined || setting === undefined) continue;
    const one = found.get(id) ?? { type, settings: {} };
    one.settings[setting] = value;
    found.set(id, one);
  }
  return [...found].map(([id, one]) => ({ id, ...one, from: service.place('labels') }));
}

/** Templates and variables are filled in by others, and what with cannot be seen here. */
function oddBecause({ settings }: Labelled): string | undefined {
  const values = Object.values(settings);
  if (values.some((value) => /\{\{|\{%/.test(value)))
    return 'It has a template (`{{…}}`), which only AutoKuma fills in; write out what it stands for.';
  const hasVariable = values.some((value) => {
    const parts = attempt(() => composeReferences(value));
    return parts instanceof Unlike || parts.some((part) => typeof part !== 'string');
  });
  return hasVariable ? 'It has a variable; write out what it stands for.' : undefined;
}

function snippets(services: readonly ComposeService[]): readonly ImportItem[] {
  return services.flatMap((service) =>
    [...labelsOf(service.fields).keys()]
      .filter((label) => label.startsWith('kuma.__'))
      .map((label) => {
        const found = {
          key: `snippet ${service.name} ${label}`,
          what: 'label',
          title: label,
          from: service.place('labels'),
        };
        return cannot(found, 'It is a snippet, and what it stands for is set in AutoKuma itself.');
      }),
  );
}

const NO_MONITORS = ['notification', 'docker_host', 'tag'];

function kumaOf(labelled: readonly Labelled[]): KumaData {
  const ids = new Map(labelled.map(({ id }, index) => [id, index + 1] as const));
  const rows = labelled.map((each, index) => ({ ...each, row: rowOf(each, index + 1, ids) }));
  const ofType = (type: string) => rows.filter((each) => each.type === type).map(({ row }) => row);
  return {
    ...EMPTY,
    monitors: rows.filter(({ type }) => !NO_MONITORS.includes(type)).map(({ row }) => row),
    notifications: ofType('notification'),
    dockerHosts: ofType('docker_host'),
    place: (_table, row) => labelled[Number(row['id']) - 1]?.from ?? 'labels',
  };
}

const EMPTY: Omit<KumaData, 'place'> = {
  monitors: [],
  notifications: [],
  assignments: [],
  proxies: [],
  dockerHosts: [],
  browsers: [],
  tags: [],
  monitorTags: [],
  maintenance: [],
  maintained: [],
  statusPages: [],
  groups: [],
  grouped: [],
  zone: 'UTC',
  expiryDays: 21,
  stays: [],
};

/** AutoKuma writes some names otherwise than the database of Kuma does. */
const COLUMNS: Readonly<Record<string, string>> = {
  max_retries: 'maxretries',
  max_redirects: 'maxredirects',
  accepted_statuscodes: 'accepted_statuscodes_json',
  authMethod: 'auth_method',
  basic_auth_password: 'basic_auth_pass',
  parent_name: 'parent',
  docker_host_name: 'docker_host',
  connection_type: 'docker_type',
  path: 'docker_daemon',
  host: 'docker_daemon',
};
const BY_NAME = ['parent_name', 'docker_host_name'];

function rowOf({ id, type, settings }: Labelled, number: number, ids: ReadonlyMap<string, number>): Row {
  const columns = Object.entries(settings).map(([setting, written]) => {
    const value = written.replaceAll('$$', '$');
    const column = COLUMNS[setting] ?? setting;
    if (BY_NAME.includes(setting)) return [column, ids.get(value) ?? null] as const;
    return [column, setting === 'accepted_statuscodes' ? listOf(value) : value] as const;
  });
  return { name: id, ...Object.fromEntries(columns), id: number, type };
}

/** Written as JSON, or simply as `200-299, 301`. */
function listOf(value: string): string {
  return value.trim().startsWith('[') ? value : JSON.stringify(value.split(',').map((each) => each.trim()));
}
