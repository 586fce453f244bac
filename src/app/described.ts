import { type AppModel, ENVIRONMENT_ALIASES } from '../contracts/app-model.ts';
import type { LoadedManifest, Problem } from '../manifest/index.ts';
import { type Monitor, monitorsOf } from '../monitoring/index.ts';
import { STATUS_DEFAULTS, type StatusSettings } from '../status/index.ts';
import { localAddress } from './address.ts';
import type { Config } from './config.ts';
import { selfModel } from './self-watch.ts';

/** A manifest, taken apart into what each area needs of it. */
export interface Described {
  readonly model: AppModel;
  readonly monitors: readonly Monitor[];
  readonly settings: StatusSettings;
  /** Null when there is no file. */
  readonly digest: string | null;
  /** What this version cannot watch yet, at its place in the file. */
  readonly notes: readonly Problem[];
}

export function describedBy(loaded: LoadedManifest): Described {
  const { manifest, model, digest, problemAt } = loaded;
  const { monitors = {}, services = {}, status = STATUS_DEFAULTS } = manifest;
  const plan = monitorsOf(model, { monitors, services });
  const notes = plan.unwatched.map(({ service, reason }) => problemAt(['services', service], reason));
  return { model, monitors: plan.monitors, settings: status, digest, notes };
}

/** In an empty folder: this very server. */
export function ourselves(config: Pick<Config, 'environment' | 'host' | 'port'>): Described {
  const name = config.environment ?? 'local';
  const model = selfModel(ENVIRONMENT_ALIASES[name] ?? name, localAddress(config));
  const { monitors } = monitorsOf(model, { monitors: {}, services: {} });
  return { model, monitors, settings: STATUS_DEFAULTS, digest: null, notes: [] };
}
