import path from 'node:path';
import type { AppModel, Service } from '../contracts/app-model.ts';
import { HOUR_MS, MINUTE_MS } from '../kernel/clock.ts';
import { Secret } from '../kernel/secret.ts';
import { backupEngines } from './engines/index.ts';
import { type BackupPlan, type BackupSchedule, KEEP_DEFAULTS, type PlannedSource, type PlannedVault } from './plan.ts';
import type { WrittenBackup, WrittenSchedule } from './section.ts';
import { vaultTypes } from './vaults/index.ts';

/** What the manifest says of backups, as its schema hands it out. */
export interface BackupSettings {
  readonly vaults: Readonly<Record<string, unknown>>;
  readonly keys:
    | { readonly recipients: readonly string[]; readonly signers?: readonly string[] | undefined }
    | undefined;
  readonly services: Readonly<Record<string, ServiceBackup>>;
}

export interface ServiceBackup {
  readonly backup?: WrittenBackup | undefined;
  readonly holds?: readonly string[] | undefined;
}

/** Why something that may be meant is not backed up, at its place in the manifest. */
export interface BackupNote {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint: string;
}

export interface PlannedBackups {
  readonly plan: BackupPlan;
  readonly notes: readonly BackupNote[];
}

/** What `backup: true` means. */
const DEFAULTS: WrittenSchedule = { prove: 'weekly' };
const AT_MINUTES = (2 * HOUR_MS) / MINUTE_MS;
const ZONE = 'UTC';

/** Makes the manifest's sections definite; relative paths in them begin in `folder`. */
export function backupPlanOf(model: AppModel, settings: BackupSettings, folder: string): PlannedBackups {
  const vaults = Object.entries(settings.vaults).flatMap(([name, entry]) => plannedVault(name, entry, folder) ?? []);
  const { recipients = [], signers = [] } = settings.keys ?? {};
  const known = { vaults: vaults.map(({ name }) => name), hasKeys: recipients.length > 0, folder };
  const found = model.services.map((service) => sourceOf(service, settings.services[service.name] ?? {}, known));
  return {
    plan: { app: model.app, sources: found.flatMap(({ source }) => source ?? []), vaults, recipients, signers },
    notes: [...found.flatMap(({ note }) => note ?? []), ...keyNotes({ recipients, signers })],
  };
}

/** https://github.com/C2SP/C2SP/blob/main/age.md: an X25519 recipient in Bech32; its check sum is looked at when it is used. */
const RECIPIENT = /^age1[02-9ac-hj-np-z]{58}$/;
const SIGNER = /^ed25519:[A-Za-z\d+/]{43}=$/;

function keyNotes({ recipients, signers }: Pick<BackupPlan, 'recipients' | 'signers'>): readonly BackupNote[] {
  return [...wrongKeys('recipients', recipients, RECIPIENT), ...wrongKeys('signers', signers, SIGNER)];
}

function wrongKeys(kind: string, keys: readonly string[], form: RegExp): readonly BackupNote[] {
  return keys.flatMap((key, index) => (form.test(key) ? [] : [keyNote(kind, index)]));
}

function keyNote(kind: string, index: number): BackupNote {
  return {
    path: ['keys', kind, index],
    message: 'This is not a whole public key, so no backup can be made with it.',
    hint: '`evenkeel key create` prints the section `keys:` as it has to be.',
  };
}

function plannedVault(name: string, entry: unknown, folder: string): PlannedVault | undefined {
  for (const { type, settingsOf } of vaultTypes.all()) {
    const settings = settingsOf(entry, folder);
    if (settings !== undefined) return { name, type, settings };
  }
  return undefined;
}

interface Known {
  readonly vaults: readonly string[];
  readonly hasKeys: boolean;
  readonly folder: string;
}

type Found =
  | { readonly source: PlannedSource; readonly note?: undefined }
  | { readonly source?: undefined; readonly note?: BackupNote | undefined };

function sourceOf(service: Service, { backup, holds = [] }: ServiceBackup, known: Known): Found {
  if (backup === undefined) return { note: holds.length > 0 ? unprotected(service.name, holds) : undefined };
  if (backup === false) return {};
  const written = backup === true ? DEFAULTS : backup;
  const vaults = known.vaults.filter((name) => written.vault === undefined || written.vault === name);
  const ready = readinessOf(service, { vaults, hasKeys: known.hasKeys });
  if ('obstacle' in ready) return { note: noteOf(service.name, ready.obstacle) };
  const { engine, url } = ready;
  return {
    source: {
      service: service.name,
      url: engine === 'sqlite' ? absoluteFile(url, known.folder) : url,
      engine,
      holds,
      schedule: scheduleOf(written),
      prove: written.prove,
      assertions: written.assert ?? [],
      vaults,
      keep: written.keep ?? KEEP_DEFAULTS,
    },
  };
}

function noteOf(service: string, { message, hint }: Obstacle): BackupNote {
  return { path: ['services', service, 'backup'], message: `${service} is not backed up: ${message}`, hint };
}

function unprotected(service: string, holds: readonly string[]): BackupNote {
  return {
    path: ['services', service, 'holds'],
    message: `${service} holds ${holds.join(', ')}, and nothing says how it is backed up.`,
    hint: 'Add `backup: true` to it, or `backup: false` when losing it does no harm.',
  };
}

type Obstacle = Pick<BackupNote, 'message' | 'hint'>;

type Readiness = { readonly engine: string; readonly url: Secret } | { readonly obstacle: Obstacle };

const NO_ADDRESS: Obstacle = {
  message: 'it does not say where it answers.',
  hint: 'Add its `url`, e.g. url: "${DATABASE_URL}".',
};

const NO_KEYS: Obstacle = {
  message: 'there are no keys to encrypt it for.',
  hint: 'Make them with `evenkeel key create`, and add what it prints to this file.',
};

const NO_VAULT: Obstacle = {
  message: 'there is no vault that this version can write to.',
  hint: 'Add one, e.g. vaults: { local: ./backups }.',
};

function readinessOf(
  service: Service,
  { vaults, hasKeys }: { readonly vaults: readonly string[]; readonly hasKeys: boolean },
): Readiness {
  const { url, engine: named } = service;
  const engine = engineOf(service);
  if (engine === undefined && url === null) return { obstacle: NO_ADDRESS };
  if (engine === undefined || !backupEngines.types().includes(engine)) return { obstacle: foreign(named) };
  if (url === null) return { obstacle: NO_ADDRESS };
  if (!hasKeys) return { obstacle: NO_KEYS };
  return vaults.length === 0 ? { obstacle: NO_VAULT } : { engine, url };
}

function foreign(engine: string | null): Obstacle {
  const what = engine === null ? 'what answers at such an address' : `the engine ${engine}`;
  return {
    message: `this version cannot back up ${what} yet.`,
    hint: `It can: ${backupEngines.types().join(', ')}.`,
  };
}

const ENGINE_OF_SCHEME: Readonly<Record<string, string>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'postgresql+asyncpg:': 'postgres',
  'postgis:': 'postgres',
  'sqlite:': 'sqlite',
  'file:': 'sqlite',
};

function engineOf({ engine, url }: Service): string | undefined {
  if (engine !== null) return engine;
  const address = url?.reveal() ?? '';
  return URL.canParse(address) ? ENGINE_OF_SCHEME[new URL(address).protocol] : undefined;
}

/** `sqlite:data/shop.db` and `sqlite:./data/shop.db` begin where the manifest stands; `sqlite:///data/shop.db` does not. */
function absoluteFile(url: Secret, folder: string): Secret {
  const written = url.reveal().replace(/^(?:sqlite|file):(?:\/\/)?/, '');
  return new Secret(`sqlite:${path.resolve(folder, written)}`, url.name);
}

function scheduleOf({ at, zone, every }: WrittenSchedule): BackupSchedule {
  if (every !== undefined) return { kind: 'interval', everyMs: every };
  return { kind: 'daily', minutes: at?.minutes ?? AT_MINUTES, zone: zone ?? ZONE };
}
