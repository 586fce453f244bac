import type { Db } from '../contracts/database.ts';
import type { MonitoringFacts } from '../contracts/facts.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HostLook } from '../kernel/host.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Net } from '../kernel/net.ts';
import { errors } from './errors.ts';
import { createFacts } from './facts.ts';
import * as pingStore from './heartbeats/ping-store.ts';
import { createHistoryReader, type HistoryReader } from './history/history-reader.ts';
import { prune } from './history/pruning.ts';
import * as resultStore from './history/result-store.ts';
import { createCalendar } from './maintenance/calendar.ts';
import type { Monitor } from './monitor.ts';
import type { CheckResult, Ping } from './monitor-type.ts';
import { type Checks, createChecks } from './scheduling/checks.ts';
import { SOLE_OWNER } from './scheduling/ownership.ts';
import { createSharedOwnership } from './shards/shared-ownership.ts';
import type { MonitorRecord } from './state/monitor-store.ts';
import * as monitorStore from './state/monitor-store.ts';

export interface MonitoringDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly net: Net;
  /** For monitors that came in through the API: it leads nowhere but to the internet. */
  readonly apiNet: Net;
  readonly host: HostLook;
  readonly environment: string;
  /** False in a process that only shows what others check. */
  readonly runsChecks: boolean;
  /** Others may run checks on the same database: the work is shared with them. */
  readonly sharesChecks?: boolean;
}

export interface Monitoring {
  readonly facts: MonitoringFacts;
  readonly history: HistoryReader;
  /** Watches exactly these from now on. */
  apply(monitors: readonly Monitor[]): Promise<void>;
  start(): void;
  stop(): Promise<void>;
  /** Checks one monitor now; resolves when the result can be read too. Null when nothing could be said. */
  checkNow(name: string): Promise<CheckResult | null>;
  /** A job says that it lives; `key` is the secret part of the address it was given. */
  recordPing(key: string, outcome: Ping['outcome']): Promise<void>;
  /** The secret part of the address of a push monitor. */
  pingKeyOf(name: string): Promise<string>;
  /** Deletes single results and pings older than `before`; returns how many results. States are kept. */
  prune(before: number, signal: AbortSignal): Promise<number>;
  /** Newest first. */
  results(name: string, range: { since: number; limit: number }): Promise<readonly resultStore.ResultRecord[]>;
}

/** Watches, remembers and answers: everything monitoring does, behind one door. */
export function createMonitoring(deps: MonitoringDeps): Monitoring {
  const { db, clock, environment, runsChecks, sharesChecks = false } = deps;
  const calendar = createCalendar([], [], []);
  const shared = runsChecks && sharesChecks ? createSharedOwnership({ ...deps, checks: () => checks }) : undefined;
  const checks: Checks | undefined = runsChecks
    ? createChecks({
        ...deps,
        ownership: shared ?? SOLE_OWNER,
        calendar: () => calendar,
        onResult: () => undefined,
        onStart: () => undefined,
      })
    : undefined;
  let current: readonly Monitor[] = [];

  return {
    history: createHistoryReader({ db, environment }),
    facts: createFacts({ db, clock, environment, monitors: () => current }),
    async apply(monitors) {
      await checks?.apply(monitors);
      current = monitors;
    },
    start() {
      checks?.start();
      shared?.start();
    },
    async stop() {
      await checks?.stop();
      // Only now: what was found until here is written down as ours.
      await shared?.stop();
    },

    async checkNow(name) {
      if (current.every((monitor) => monitor.name !== name)) throw errors.MONITOR_UNKNOWN({ name });
      const result = await checks?.checkNow(name);
      if (checks === undefined || result === undefined) throw errors.MONITOR_NOT_ACTIVE({ name });
      await checks.flush();
      return result;
    },

    async recordPing(key, outcome) {
      const record = await monitorStore.findByPingKey(db, key);
      if (record === undefined || record.environment !== environment) throw errors.PING_KEY_UNKNOWN({});
      const ping = { at: clock.now(), outcome };
      await db.quiet('the check that reads the ping announces what follows', (tx) =>
        pingStore.insert(tx, record.id, ping),
      );
      // A job that is back should not look late until the next regular look.
      void checks?.checkNow(record.name);
    },

    prune: (before, signal) => prune({ db, clock, environment }, before, signal),

    pingKeyOf: async (name) => (await recordOf(name)).pingKey,

    async results(name, range) {
      return resultStore.listSince(db, (await recordOf(name)).id, range);
    },
  };

  async function recordOf(name: string): Promise<MonitorRecord> {
    const records = await monitorStore.list(db, environment);
    const record = records.find((candidate) => candidate.name === name);
    if (record === undefined) throw errors.MONITOR_UNKNOWN({ name });
    return record;
  }
}
