import type { AppModel, Service } from '../contracts/app-model.ts';
import { MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import { Secret } from '../kernel/secret.ts';
import { HERE, type Monitor } from './monitor.ts';
import type { MonitorType } from './monitor-type.ts';
import type { MonitorEntries, MonitorEntry, ServiceTiming } from './section.ts';
import type { Confirmation } from './state/confirmation.ts';
import { isFileScheme, schemeMeant, typeFor } from './type-of-address.ts';
import { monitorTypes } from './types/index.ts';

const EVERY_MS = MINUTE_MS;
/** Looking whether a ping is late costs nothing, and a late job should not wait a minute to be noticed. */
const PUSH_EVERY_MS = 15 * SECOND_MS;
const TIMEOUT_MS = 10 * SECOND_MS;
/** One failing check may be the network's; two in a row are the service's. */
const CONFIRM: Confirmation = { down: 2, up: 1 };
/** Nothing is measured that could be a hiccup: late is late. */
const PUSH_CONFIRM: Confirmation = { down: 1, up: 1 };

export interface WatchPlan {
  readonly monitors: readonly Monitor[];
  /** Services with an address that this version has no monitor type for. */
  readonly unwatched: readonly { readonly service: string; readonly reason: string }[];
}

export interface MonitoringSettings {
  readonly monitors: MonitorEntries;
  /** What monitoring reads of each service, by its name. */
  readonly services: Readonly<Record<string, ServiceTiming>>;
}

/** Everything to watch: each service that says where it answers, without being listed, and each monitor. */
export function monitorsOf(model: AppModel, settings: MonitoringSettings): WatchPlan {
  const services = model.services.map((service) => ({ service, target: targetOf(service) }));
  return {
    monitors: [
      ...services.flatMap(({ service, target }) =>
        target?.type === undefined ? [] : [monitorOfService(service, target, settings.services[service.name] ?? {})],
      ),
      ...Object.entries(settings.monitors).map(([name, entry]) => monitorOfEntry(name, entry)),
    ],
    unwatched: services.flatMap(({ service, target }) =>
      target?.problem === undefined ? [] : [{ service: service.name, reason: target.problem }],
    ),
  };
}

/** The type of an entry is the one type whose key it has; the schema has seen to it that there is exactly one. */
function typeOf(entry: MonitorEntry): MonitorType {
  const type = monitorTypes.types().find((candidate) => entry[candidate] !== undefined);
  if (type === undefined) throw new Error('The schema lets no monitor without a type through.');
  return monitorTypes.get(type);
}

function monitorOfEntry(name: string, entry: MonitorEntry): Monitor {
  const type = typeOf(entry);
  const own = Object.keys(type.settings.shape).flatMap((key) => (key in entry ? [[key, entry[key]] as const] : []));
  const settings = Object.fromEntries(own);
  return {
    name,
    type: type.type,
    settings,
    description: entry.description ?? null,
    // What explains the failure of a group is the failure of a member.
    dependsOn: [...new Set([...(entry.depends_on ?? []), ...type.members(settings)])],
    was: [entry.was ?? []].flat(),
    locations: entry.locations ?? [HERE],
    reach: entry.added_by === undefined ? 'manifest' : 'api',
    ...timingOf(entry, type),
  };
}

type ServiceTarget =
  | { readonly type: MonitorType; readonly address: Secret; readonly problem?: undefined }
  | { readonly type?: undefined; readonly problem: string };

function monitorOfService(
  service: Service,
  { type, address }: Extract<ServiceTarget, { type: MonitorType }>,
  timing: ServiceTiming,
): Monitor {
  // An address that is there to be asked may say more than its status.
  const speaksOfItself = service.health !== null && type.type === 'http';
  return {
    name: service.name,
    type: type.type,
    settings: type.settings.parse({ [type.type]: address.reveal(), ...(speaksOfItself && { dialect: 'auto' }) }),
    description: service.description,
    dependsOn: service.dependsOn,
    was: service.was,
    locations: timing.locations ?? [HERE],
    reach: 'manifest',
    ...timingOf(timing, type),
  };
}

/** Undefined for a service that does not say where it answers; there is nothing to watch then. */
function targetOf({ url, health, engine }: Service): ServiceTarget | undefined {
  const address = addressOf(url, health);
  if (address === undefined) return undefined;
  const scheme = URL.canParse(address.reveal()) ? new URL(address.reveal()).protocol : '';
  if (isFileScheme(scheme)) return undefined;
  const type = typeFor(scheme, engine);
  if (type === undefined) {
    const meant = engine === null ? schemeMeant(scheme) : undefined;
    const problem = `There is no monitor type for ${engine ?? `addresses like ${scheme || address.name}`} yet.`;
    return { problem: meant === undefined ? problem : `${problem} ${meant}` };
  }
  // A bare `tcp:` address is written `host:port` in the settings of its type.
  const value = type === 'tcp' ? new URL(address.reveal()).host : address.reveal();
  return { type: monitorTypes.get(type), address: new Secret(value, address.name) };
}

function addressOf(url: Secret | null, health: string | null): Secret | undefined {
  if (health === null) return url ?? undefined;
  if (URL.canParse(health)) return new Secret(health, health);
  if (url === null || !URL.canParse(url.reveal())) return undefined;
  return new Secret(new URL(health, url.reveal()).href, url.name);
}

function timingOf(timing: ServiceTiming, { isPush }: MonitorType) {
  const intervalMs = timing.every ?? (isPush ? PUSH_EVERY_MS : EVERY_MS);
  return {
    intervalMs,
    timeoutMs: Math.min(timing.timeout ?? TIMEOUT_MS, intervalMs),
    confirm: confirmationOf(timing.confirm, isPush ? PUSH_CONFIRM : CONFIRM),
  };
}

function confirmationOf(written: ServiceTiming['confirm'], usual: Confirmation): Confirmation {
  if (written === undefined) return usual;
  if (typeof written === 'number') return { ...usual, down: written };
  return { down: written.down ?? usual.down, up: written.up ?? usual.up };
}
