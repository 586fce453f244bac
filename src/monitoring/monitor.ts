import type { NetPolicy } from '../kernel/net.ts';
import type { Confirmation } from './state/confirmation.ts';

/** One thing that is watched, with every default filled in. */
export interface Monitor {
  readonly name: string;
  readonly type: string;
  /** Parsed by the schema of the type. */
  readonly settings: unknown;
  readonly description: string | null;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly confirm: Confirmation;
  readonly dependsOn: readonly string[];
  /** From where it is checked: `here` is this very process, anything else a probe. Never empty. */
  readonly locations: readonly string[];
  /** What it may reach: anything the team's own file names, or the internet alone when it came in through the API. */
  readonly reach: Extract<NetPolicy, 'manifest' | 'api'>;
  readonly was: readonly string[];
}

/** Where we are ourselves. */
export const HERE = 'here';

/** Whether it is checked from other places than here. */
export function isSeenElsewhere({ locations }: Pick<Monitor, 'locations'>): boolean {
  return locations.some((location) => location !== HERE);
}
