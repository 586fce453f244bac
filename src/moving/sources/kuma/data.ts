import { errors } from '../../errors.ts';
import type { ImportIo, Row, Tables } from '../../import-source.ts';
import { isRow, jsonIn } from './row.ts';

/** What stands in a Kuma, whichever way it was read. Column names are those of its database. */
export interface KumaData {
  readonly monitors: readonly Row[];
  readonly notifications: readonly Row[];
  /** Which monitor tells whom: pairs of `monitor_id` and `notification_id`. */
  readonly assignments: readonly Row[];
  readonly proxies: readonly Row[];
  readonly dockerHosts: readonly Row[];
  readonly browsers: readonly Row[];
  readonly tags: readonly Row[];
  readonly monitorTags: readonly Row[];
  readonly maintenance: readonly Row[];
  readonly maintained: readonly Row[];
  readonly statusPages: readonly Row[];
  readonly groups: readonly Row[];
  readonly grouped: readonly Row[];
  /** The zone of times that name none, e.g. `Europe/Berlin`. */
  readonly zone: string;
  /** How many days before the end of a certificate it is told first. */
  readonly expiryDays: number;
  /** What is there and has no place here, e.g. `2 users`. */
  readonly stays: readonly string[];
  /** Where a row stands, for people. */
  place(table: string, row: Row): string;
}

/** What Kuma does unless it is told otherwise. */
const EXPIRY_DAYS = 21;

/** A folder with `kuma.db` in it, the database itself, or a backup of version 1 as JSON. */
export async function readKuma(where: string, io: ImportIo): Promise<KumaData> {
  const tables = await tablesAt(where, io);
  if (tables !== undefined) return fromTables(tables, where);
  const text = await io.read(where);
  if (text === undefined) throw unreadable(where, 'there is no such file');
  return fromBackup(text, where);
}

export async function tablesAt(where: string, io: ImportIo): Promise<Tables | undefined> {
  return (await io.database(where)) ?? (await io.database(`${where}/kuma.db`));
}

function fromTables(tables: Tables, where: string): KumaData {
  if (!tables.names().includes('monitor') || !tables.names().includes('heartbeat')) {
    throw unreadable(where, 'it is a SQLite database without the tables of Uptime Kuma');
  }
  const all = (table: string) => [...tables.rows(table)];
  const settings = new Map(all('setting').map((row) => [row['key'], jsonIn(row, 'value')] as const));
  return {
    monitors: all('monitor'),
    notifications: all('notification'),
    assignments: all('monitor_notification'),
    proxies: all('proxy'),
    dockerHosts: all('docker_host'),
    browsers: all('remote_browser'),
    tags: all('tag'),
    monitorTags: all('monitor_tag'),
    maintenance: all('maintenance'),
    maintained: all('monitor_maintenance'),
    statusPages: all('status_page'),
    groups: all('group'),
    grouped: all('monitor_group'),
    zone: zoneOf(settings.get('serverTimezone')),
    expiryDays: expiryDaysOf(settings.get('tlsExpiryNotifyDays')),
    stays: STAYING.flatMap(([table, what]) => {
      const count = all(table).length;
      return count === 0 ? [] : [`${count} ${what}${count === 1 ? '' : 's'}`];
    }),
    place: (table, row) => `table ${table}, row ${String(row['id'])}`,
  };
}

const STAYING = [
  ['user', 'user'],
  ['api_key', 'API key'],
  ['incident', 'incident'],
  ['status_page_cname', 'domain name of a status page'],
] as const;

/** Version 1 could write its monitors, notifications and proxies into a file, and no more. */
function fromBackup(text: string, where: string): KumaData {
  const content = parsed(text, where);
  const monitors = listIn(content, 'monitorList').map(asColumns);
  const assignments = monitors.flatMap((monitor) =>
    Object.entries(isRow(monitor['notification_id_list']) ? monitor['notification_id_list'] : {}).flatMap(
      ([id, isOn]) => (isOn === true ? [{ monitor_id: monitor['id'], notification_id: Number(id) }] : []),
    ),
  );
  const tagged = monitors.flatMap((monitor) =>
    listIn(monitor, 'tags').map((tag): Row => ({ ...asColumns(tag), monitor_id: monitor['id'] })),
  );
  return {
    monitors,
    notifications: listIn(content, 'notificationList').map(asColumns),
    assignments,
    proxies: listIn(content, 'proxyList').map(asColumns),
    dockerHosts: [],
    browsers: [],
    tags: tagged.map((tag) => ({ ...tag, id: tag['tag_id'] })),
    monitorTags: tagged,
    maintenance: [],
    maintained: [],
    statusPages: [],
    groups: [],
    grouped: [],
    zone: 'UTC',
    expiryDays: EXPIRY_DAYS,
    stays: [],
    place: (table, row) => `${LISTS[table] ?? table}, id ${String(row['id'])}`,
  };
}

const LISTS: Readonly<Record<string, string>> = {
  monitor: 'monitorList',
  notification: 'notificationList',
  proxy: 'proxyList',
};

function parsed(text: string, where: string): Row {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw unreadable(where, 'it is neither a SQLite database nor JSON');
  }
  if (isRow(content) && Array.isArray(content['monitorList'])) return content;
  throw unreadable(where, 'it is JSON without a `monitorList`');
}

function listIn(content: Row, key: string): readonly Row[] {
  const list = content[key];
  return Array.isArray(list) ? list.filter(isRow) : [];
}

/** `retryInterval` is `retry_interval` in the database, and what is a list in the file is a text there. */
function asColumns(row: Row): Row {
  const columns = Object.entries(row).map(([key, value]) => [columnOf(key), value] as const);
  return { ...Object.fromEntries(columns), accepted_statuscodes_json: row['accepted_statuscodes'] };
}

function columnOf(key: string): string {
  if (key === 'notificationIDList') return 'notification_id_list';
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function zoneOf(setting: unknown): string {
  return typeof setting === 'string' && setting !== '' ? setting : 'UTC';
}

function expiryDaysOf(setting: unknown): number {
  const days = Array.isArray(setting) ? setting.map(Number).filter((each) => Number.isInteger(each) && each > 0) : [];
  return days.length === 0 ? EXPIRY_DAYS : Math.max(...days);
}

function unreadable(where: string, problem: string): Error {
  return errors.IMPORT_UNREADABLE({ where, title: 'Uptime Kuma', type: 'kuma', example: 'data/kuma.db', problem });
}
