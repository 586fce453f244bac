import type { Db, Tx } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import { errors } from '../errors.ts';
import type { Monitor } from '../monitor.ts';
import * as monitorStore from '../state/monitor-store.ts';
import { createPingKeys } from './ping-keys.ts';
import * as pingStore from './ping-store.ts';
import * as runStore from './run-store.ts';
import { bounded, type PingRecord, type Told } from './told.ts';

export interface PingsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
  readonly monitors: () => readonly Monitor[];
  /** A job that is back should not look late until the next regular look. */
  readonly heard: (monitor: string) => void;
}

/** Jobs that tell by themselves that they live. */
export interface Pings {
  /**
   * A job tells how it is; `key` is the secret part of the address it calls. Rejects with `PING_KEY_UNKNOWN`. What it
   * says is kept as far as it fits: 200 characters of a message, 10,000 of a body.
   */
  recordPing(key: string, told: Told): Promise<void>;
  /** The secret part of the address of a push monitor. */
  pingKeyOf(name: string): Promise<string>;
  /** What jobs told lately, newest first. */
  pings(name: string, limit: number): Promise<readonly PingRecord[]>;
}

export function createPings(deps: PingsDeps): Pings {
  const { db, clock, environment, heard } = deps;
  const keys = createPingKeys(deps);
  const record = (name: string) => monitorStore.named(db, environment, name);
  return {
    async recordPing(key, told) {
      const monitor = await keys.monitorOf(key);
      if (monitor === undefined) throw errors.PING_KEY_UNKNOWN({});
      const at = clock.now();
      await db.quiet('the check that reads the ping announces what follows', (tx) =>
        store(tx, monitor.id, at, bounded(told)),
      );
      if (told.outcome !== 'log') heard(monitor.name);
    },
    pingKeyOf: async (name) => (await record(name)).pingKey,
    pings: async (name, limit) => pingStore.newest(db, (await record(name)).id, limit),
  };
}

async function store(tx: Tx, monitorId: number, at: number, told: Told): Promise<void> {
  const { outcome, run, exitStatus, message, latencyMs, body } = told;
  const startedAt = await startOf(tx, monitorId, at, told);
  await pingStore.insert(tx, monitorId, {
    at,
    outcome,
    run: run ?? null,
    body: body ?? null,
    ...(exitStatus !== undefined && { exitStatus }),
    ...(message !== undefined && { message }),
    ...(latencyMs !== undefined && { latencyMs }),
    ...(startedAt !== undefined && { durationMs: Math.max(0, at - startedAt) }),
  });
}

/** When the run began that ends now; undefined when none does, or nobody told of its beginning. */
async function startOf(tx: Tx, monitorId: number, at: number, { outcome, run }: Told): Promise<number | undefined> {
  if (outcome === 'log') return undefined;
  if (outcome === 'started') {
    if (run !== undefined) await runStore.begin(tx, monitorId, run, at);
    return undefined;
  }
  if (run !== undefined) return runStore.end(tx, monitorId, run);
  const last = await pingStore.latest(tx, monitorId);
  return last?.outcome === 'started' && last.run === null ? last.at : undefined;
}
