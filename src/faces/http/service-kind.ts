import type { AppModel } from '../../contracts/app-model.ts';
import type { MonitorNow } from '../../contracts/facts.ts';

/** What a part of the application is, said without naming a product, a host or a version. */
export type ServiceKind =
  | 'database'
  | 'cache'
  | 'storage'
  | 'queue'
  | 'search'
  | 'mail'
  | 'service'
  | 'job'
  | 'endpoint';

/** A map, because the name of an engine comes from a file and may be `constructor`. */
const KIND_OF_ENGINE: ReadonlyMap<string, ServiceKind> = new Map<string, ServiceKind>([
  ['postgres', 'database'],
  ['postgresql', 'database'],
  ['mysql', 'database'],
  ['mariadb', 'database'],
  ['mongodb', 'database'],
  ['sqlite', 'database'],
  ['sqlserver', 'database'],
  ['redis', 'cache'],
  ['valkey', 'cache'],
  ['memcached', 'cache'],
  ['s3', 'storage'],
  ['minio', 'storage'],
  ['rabbitmq', 'queue'],
  ['kafka', 'queue'],
  ['nats', 'queue'],
  ['mqtt', 'queue'],
  ['elasticsearch', 'search'],
  ['opensearch', 'search'],
  ['smtp', 'mail'],
  ['heartbeat', 'job'],
]);

/** A service by its engine; else by the monitor's type; else it is one of the team's own, or an address elsewhere. */
export function serviceKindOf({ name, type }: MonitorNow, model: AppModel | null): ServiceKind {
  const service = model?.services.find((candidate) => candidate.name === name);
  const kind = KIND_OF_ENGINE.get(service?.engine ?? '') ?? KIND_OF_ENGINE.get(type);
  return kind ?? (service === undefined ? 'endpoint' : 'service');
}
