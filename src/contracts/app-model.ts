import type { Secret } from '../kernel/secret.ts';

/** The described application, whatever syntax described it. The manifest is one; tests build it by hand. */
export interface AppModel {
  readonly app: string;
  /** The environment this process looks after; one of `environments`. */
  readonly environment: string;
  readonly environments: readonly string[];
  /** In the order of the file. */
  readonly services: readonly Service[];
}

export interface Service {
  readonly name: string;
  /** One line for visitors. */
  readonly description: string | null;
  /** Earlier names: history recorded under them belongs to this service. */
  readonly was: readonly string[];
  /** The folder of its source code, relative to the manifest. */
  readonly source: string | null;
  /** What kind of server it is when the team did not write it: `postgres`, `redis`, `s3` … */
  readonly engine: string | null;
  /** Where it answers. May carry credentials, hence a secret. */
  readonly url: Secret | null;
  /** Path of its health endpoint, e.g. `/health`. */
  readonly health: string | null;
  /** Names of services that must work for this one to work. Never a cycle. */
  readonly dependsOn: readonly string[];
}

/** Four environments; teams know them under other names too. */
export const ENVIRONMENTS = ['local', 'sandbox', 'testbed', 'live'] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

export const ENVIRONMENT_ALIASES: Readonly<Record<string, Environment>> = {
  dev: 'local',
  staging: 'sandbox',
  uat: 'testbed',
  production: 'live',
};
