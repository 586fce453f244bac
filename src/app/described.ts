import path from 'node:path';
import { type AlertingSettings, routeSettingsOf } from '../alerting/index.ts';
import { type BackupPlan, backupPlanOf } from '../backups/index.ts';
import { type AppModel, ENVIRONMENT_ALIASES } from '../contracts/app-model.ts';
import { type ChannelSettings, canSend } from '../delivery/index.ts';
import type { LoadedManifest, Manifest, Problem } from '../manifest/index.ts';
import { type MonitoringPlan, monitoringPlanOf } from '../monitoring/index.ts';
import { STATUS_DEFAULTS, type StatusSettings } from '../status/index.ts';
import { localAddress } from './address.ts';
import type { Config } from './config.ts';
import { selfModel } from './self-watch.ts';

/** A manifest, taken apart into what each area needs of it. */
export interface Described {
  readonly model: AppModel;
  readonly monitoring: MonitoringPlan;
  readonly settings: StatusSettings;
  readonly channels: ReadonlyMap<string, ChannelSettings>;
  readonly alerting: AlertingSettings;
  readonly backups: BackupPlan;
  /** Null when there is no file. */
  readonly digest: string | null;
  /** What this version cannot do yet, at its place in the file. */
  readonly notes: readonly Problem[];
}

export function describedBy(loaded: LoadedManifest, { manifest: file }: Pick<Config, 'manifest'>): Described {
  const { manifest, model, digest, problemAt } = loaded;
  const { services = {}, vaults = {}, keys, status = STATUS_DEFAULTS } = manifest;
  const monitoring = monitoringPlanOf(model, manifest, loaded.written);
  const backups = backupPlanOf(model, { vaults, keys, services }, path.dirname(file));
  return {
    model,
    monitoring: monitoring.plan,
    settings: status,
    channels: channelsOf(manifest),
    alerting: alertingOf(manifest, { model, monitoring: monitoring.plan, backups: backups.plan }),
    backups: backups.plan,
    digest,
    notes: [...monitoring.notes, ...backups.notes].map(({ path: place, message, hint }) =>
      problemAt(place, message, hint),
    ),
  };
}

/** In an empty folder: this very server. */
export function ourselves(config: Pick<Config, 'environment' | 'host' | 'port'>): Described {
  const name = config.environment ?? 'local';
  const model = selfModel(ENVIRONMENT_ALIASES[name] ?? name, localAddress(config));
  const monitoring = monitoringPlanOf(model, {}, {}).plan;
  const backups = { app: model.app, sources: [], vaults: [], recipients: [], signers: [] };
  return {
    model,
    monitoring,
    settings: STATUS_DEFAULTS,
    channels: new Map(),
    alerting: alertingOf({}, { model, monitoring, backups }),
    backups,
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
  { model, monitoring, backups }: Pick<Described, 'model' | 'monitoring' | 'backups'>,
): AlertingSettings {
  // Of a kind that is only read and checked so far, a channel would take alerts and keep them.
  const reachable = Object.entries(channels).flatMap(([name, settings]) => (canSend(settings) ? [name] : []));
  return {
    app: model.app,
    route: routeSettingsOf({ channels: reachable, people, escalate }),
    monitors: monitoring.monitors,
    objectives: monitoring.objectives.map(({ name }) => name),
    backups: model.services.filter(({ name }) => backups.sources.some(({ service }) => service === name)),
  };
}
