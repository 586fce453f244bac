import path from 'node:path';
import { type AlertingSettings, routeSettingsOf } from '../alerting/index.ts';
import { type BackupPlan, backupPlanOf } from '../backups/index.ts';
import { type AppModel, ENVIRONMENT_ALIASES } from '../contracts/app-model.ts';
import { type ChannelSettings, canSend } from '../delivery/index.ts';
import type { LoadedManifest, Manifest, Problem } from '../manifest/index.ts';
import {
  type Monitor,
  monitorsOf,
  type PlannedWindow,
  plannedWindowsOf,
  type WrittenManifest,
  writtenManifest,
} from '../monitoring/index.ts';
import { STATUS_DEFAULTS, type StatusSettings } from '../status/index.ts';
import { localAddress } from './address.ts';
import type { Config } from './config.ts';
import { selfModel } from './self-watch.ts';

/** A manifest, taken apart into what each area needs of it. */
export interface Described {
  readonly model: AppModel;
  readonly monitors: readonly Monitor[];
  readonly maintenance: readonly PlannedWindow[];
  readonly settings: StatusSettings;
  readonly channels: ReadonlyMap<string, ChannelSettings>;
  readonly alerting: AlertingSettings;
  readonly backups: BackupPlan;
  /** As it stands in the repository, for probes, which fill in their own secrets. */
  readonly written: WrittenManifest;
  /** Null when there is no file. */
  readonly digest: string | null;
  /** What this version cannot do yet, at its place in the file. */
  readonly notes: readonly Problem[];
}

export function describedBy(loaded: LoadedManifest, { manifest: file }: Pick<Config, 'manifest'>): Described {
  const { manifest, model, digest, problemAt } = loaded;
  const { monitors = {}, services = {}, vaults = {}, keys, status = STATUS_DEFAULTS } = manifest;
  const watched = monitorsOf(model, { monitors, services });
  const backups = backupPlanOf(model, { vaults, keys, services }, path.dirname(file));
  return {
    model,
    monitors: watched.monitors,
    maintenance: plannedWindowsOf(manifest.maintenance ?? {}),
    settings: status,
    channels: channelsOf(manifest),
    alerting: alertingOf(manifest, { model, monitors: watched.monitors, backups: backups.plan }),
    backups: backups.plan,
    written: writtenManifest(loaded.written),
    digest,
    notes: [
      ...watched.unwatched.map(({ service, reason }) => problemAt(['services', service], reason)),
      ...backups.notes.map(({ path: place, message, hint }) => problemAt(place, message, hint)),
    ],
  };
}

/** In an empty folder: this very server. */
export function ourselves(config: Pick<Config, 'environment' | 'host' | 'port'>): Described {
  const name = config.environment ?? 'local';
  const model = selfModel(ENVIRONMENT_ALIASES[name] ?? name, localAddress(config));
  const { monitors } = monitorsOf(model, { monitors: {}, services: {} });
  const backups = { app: model.app, sources: [], vaults: [], recipients: [], signers: [] };
  return {
    model,
    monitors,
    maintenance: [],
    settings: STATUS_DEFAULTS,
    channels: new Map(),
    alerting: alertingOf({}, { model, monitors, backups }),
    backups,
    written: writtenManifest({}),
    digest: null,
    notes: [],
  };
}

/** The team's channels, and each person who has a mailbox as one of their own. */
function channelsOf({ channels = {}, people = {} }: Manifest): ReadonlyMap<string, ChannelSettings> {
  const mailboxes = Object.entries(people).flatMap(([name, { email }]) =>
    email === undefined ? [] : [[`person:${name}`, { email }] as const],
  );
  return new Map<string, ChannelSettings>([...Object.entries(channels), ...mailboxes]);
}

function alertingOf(
  { channels = {}, people = {}, escalate = {} }: Pick<Manifest, 'channels' | 'people' | 'escalate'>,
  { model, monitors, backups }: Pick<Described, 'model' | 'monitors' | 'backups'>,
): AlertingSettings {
  // Of a kind that is only read and checked so far, a channel would take alerts and keep them.
  const reachable = Object.entries(channels).flatMap(([name, settings]) => (canSend(settings) ? [name] : []));
  return {
    app: model.app,
    route: routeSettingsOf({ channels: reachable, people, escalate }),
    monitors,
    backups: model.services.filter(({ name }) => backups.sources.some(({ service }) => service === name)),
  };
}
