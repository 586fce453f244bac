/** What a backup consists of, in the order in which it is written: the manifest last, as the mark of completeness. */
export const BACKUP_FILES = {
  dump: 'dump.zst.age',
  sums: 'SHA256SUMS',
  guide: 'RESTORE.md',
  signature: 'manifest.json.sig',
  manifest: 'manifest.json',
} as const;

/** Which backup it is, as its place in a vault says. */
export interface BackupPlace {
  readonly app: string;
  readonly environment: string;
  readonly service: string;
  /** Epoch milliseconds; a place keeps whole seconds. */
  readonly startedAt: number;
  readonly id: string;
}

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;
const ID = /^bak_[0-9a-z]{1,60}$/;
const FOLDER =
  /^(?<app>[^/]+)\/(?<environment>[^/]+)\/(?<service>[^/]+)\/(?:\d+\/){3}(?<date>\d{8})T(?<time>\d{6})Z-(?<id>\w+)$/;

/** A name that can be a folder anywhere, and nothing but that. */
export function isPlainName(name: string): boolean {
  return NAME.test(name);
}

/** Where all backups of a service are: `shop/live/db`. */
export function serviceFolder({ app, environment, service }: Omit<BackupPlace, 'startedAt' | 'id'>): string {
  return [app, environment, service].map(plain).join('/');
}

/** `shop/live/db/2026/11/20/20261120T190412Z-bak_…`, relative to the vault. */
export function backupFolder(place: BackupPlace): string {
  if (!ID.test(place.id)) throw new Error(`"${place.id}" is not the id of a backup.`);
  const [date = '', time = ''] = new Date(place.startedAt).toISOString().split('T');
  const stamp = `${date}T${time.slice(0, 8)}Z`.replaceAll(/[-:]/g, '');
  return `${serviceFolder(place)}/${date.replaceAll('-', '/')}/${stamp}-${place.id}`;
}

/** The opposite; undefined for anything that `backupFolder` would not have made. */
export function parseBackupFolder(folder: string): BackupPlace | undefined {
  const { app, environment, service, date, time, id } = FOLDER.exec(folder)?.groups ?? {};
  const place = { app, environment, service, id, startedAt: Date.parse(`${dashed(date)}T${coloned(time)}Z`) };
  return isPlace(place) && backupFolder(place) === folder ? place : undefined;
}

function isPlace(place: { readonly [Key in keyof BackupPlace]: BackupPlace[Key] | undefined }): place is BackupPlace {
  const { app = '', environment = '', service = '', id = '', startedAt } = place;
  return [app, environment, service].every(isPlainName) && ID.test(id) && !Number.isNaN(startedAt);
}

function dashed(date = ''): string {
  return date.replace(/^(\d{4})(\d\d)/, '$1-$2-');
}

function coloned(time = ''): string {
  return time.replace(/^(\d\d)(\d\d)/, '$1:$2:');
}

/** Names were checked when the manifest was read: one that is not plain here is a mistake of ours. */
function plain(name: string): string {
  if (!isPlainName(name)) throw new Error(`"${name}" cannot be the name of a folder in a vault.`);
  return name;
}
