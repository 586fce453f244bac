import type { AppModel, Service } from '../contracts/app-model.ts';
import { canonicalEnvironment, environmentsOf } from './environments.ts';
import type { Manifest } from './schema.ts';

/** What the other areas work on. `environment` is the one this process looks after. */
export function modelOf(manifest: Manifest, environment: string): AppModel {
  return {
    app: manifest.app,
    environment,
    environments: environmentsOf(manifest),
    services: Object.entries(manifest.services ?? {}).map(([name, service]) => serviceOf(name, service)),
  };
}

/** Undefined when the application has no such environment; without a wish it is `local`, or the first one it has. */
export function environmentOf(manifest: Manifest, wanted: string | undefined): string | undefined {
  const environments = environmentsOf(manifest);
  if (wanted === undefined) return environments.includes('local') ? 'local' : environments[0];
  const canonical = canonicalEnvironment(wanted) ?? wanted;
  return environments.includes(canonical) ? canonical : undefined;
}

type WrittenService = NonNullable<Manifest['services']>[string];

function serviceOf(name: string, service: WrittenService): Service {
  return {
    name,
    description: service.description ?? null,
    was: [service.was ?? []].flat(),
    source: service.source ?? null,
    engine: service.engine ?? null,
    url: service.url ?? null,
    health: service.health ?? null,
    dependsOn: service.depends_on ?? [],
  };
}
