import { ENVIRONMENT_ALIASES, ENVIRONMENTS, type Environment } from '../contracts/app-model.ts';
import type { Manifest } from './schema.ts';

/** `production` is `live` under another name. Undefined for a word that is neither. */
export function canonicalEnvironment(name: string): Environment | undefined {
  if (Object.hasOwn(ENVIRONMENT_ALIASES, name)) return ENVIRONMENT_ALIASES[name];
  return ENVIRONMENTS.find((environment) => environment === name);
}

/** In the order of the file; all of them when it does not say. */
export function environmentsOf({ environments }: Manifest): readonly string[] {
  if (environments === undefined) return ENVIRONMENTS;
  return Object.keys(environments).flatMap((name) => canonicalEnvironment(name) ?? []);
}
