import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { createProbeDesk, createSilenceWatch, type ProbeDesk } from '../monitoring/index.ts';
import type { Database } from '../platform/sql/database.ts';
import type { Described } from './described.ts';

export interface ProbeSideDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: string;
}

/** The server's side of probes: what they are told, what they hand in, and who misses them. */
export interface ProbeSide {
  readonly desk: ProbeDesk;
  apply(described: Pick<Described, 'monitors' | 'written'>): void;
  /** Misses probes that fall silent, from now on. */
  start(): void;
  stop(): Promise<void>;
}

export function createProbeSide(deps: ProbeSideDeps): ProbeSide {
  let described: Pick<Described, 'monitors' | 'written'> = { monitors: [], written: { services: {}, monitors: {} } };
  const monitors = () => described.monitors;
  const silence = createSilenceWatch({ ...deps, monitors });
  return {
    // Whoever checks reads from the database what probes handed in, so that it does not matter which process they met.
    desk: createProbeDesk({ ...deps, monitors, written: () => described.written, heard: () => undefined }),
    apply(next) {
      described = next;
    },
    start: silence.start,
    stop: silence.stop,
  };
}
