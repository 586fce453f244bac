import type { Db } from '../contracts/database.ts';
import type { MonitoringFacts, MonitorNow } from '../contracts/facts.ts';
import type { Clock } from '../kernel/clock.ts';
import { createDayLedger } from './history/day-ledger.ts';
import * as resultStore from './history/result-store.ts';
import type { Monitor } from './monitor.ts';
import { isWorse } from './state/confirmation.ts';
import type { MonitorRecord } from './state/monitor-store.ts';
import * as monitorStore from './state/monitor-store.ts';
import { rootCauseOf } from './state/root-cause.ts';
import { lastSeenOf, NOT_CHECKED, unknownSince } from './state/watch.ts';
import { monitorTypes } from './types/index.ts';

export interface FactsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
  /** What the manifest names now. */
  readonly monitors: () => readonly Monitor[];
}

/**
 * Answers from the database alone, so every process gives the same answer, whoever checks. What was committed counts
 * only as long as somebody goes on checking: whoever checks may have died, or may not be able to write any more.
 */
export function createFacts({ db, clock, environment, monitors }: FactsDeps): MonitoringFacts {
  const ledger = createDayLedger(db);

  return {
    async monitors() {
      const { records, latest } = await look();
      const watched = new Map(monitors().map((monitor) => [monitor.name, monitor]));
      const failures = {
        dependsOn: (name: string) => watched.get(name)?.dependsOn ?? [],
        isFailing: (name: string) => records.get(name)?.state === 'down',
      };
      return monitors().map((monitor) => {
        const record = records.get(monitor.name);
        const rootCause = failures.isFailing(monitor.name) ? rootCauseOf(monitor.name, failures) : null;
        return nowOf(monitor, { record, rootCause, result: record && latest.get(record.id) });
      });
    },

    async history(names, days) {
      const now = clock.now();
      const { stored, unknownSince: since } = await look();
      const known = byName(stored);
      const records = names.flatMap((name) => known.get(name) ?? []);
      const histories = await ledger.histories(records, { days, now, unknownSince: since });
      return new Map(
        records.flatMap(({ id, name }) => {
          const history = histories.get(id);
          return history === undefined ? [] : [[name, history] as const];
        }),
      );
    },
  };

  /** Every record as it is stored, and those unknown by now as such: that change nobody was there to commit. */
  async function look() {
    const stored = await monitorStore.list(db, environment);
    const latest = await resultStore.latest(
      db,
      stored.map(({ id }) => id),
    );
    const watched = new Map(monitors().map((monitor) => [monitor.name, monitor]));
    const unknownAt = new Map<number, number>();
    const records = stored.map((record) => {
      const monitor = watched.get(record.name);
      const seen = monitor && {
        state: record.state,
        lastSeenAt: lastSeenOf(record, latest.get(record.id)),
        intervalMs: monitor.intervalMs,
      };
      const since = seen && unknownSince(seen, clock.now());
      if (since === undefined) return record;
      const unknown = { state: 'unknown', reason: NOT_CHECKED } as const;
      unknownAt.set(record.id, since);
      return { ...record, ...unknown, since };
    });
    return { stored, records: byName(records), latest, unknownSince: unknownAt };
  }
}

interface Known {
  readonly record: MonitorRecord | undefined;
  readonly result: resultStore.ResultRecord | undefined;
  readonly rootCause: string | null;
}

function nowOf(monitor: Monitor, { record, result, rootCause }: Known): MonitorNow {
  const { name, type, description, intervalMs, dependsOn } = monitor;
  const target = monitorTypes.get(type).target(monitor.settings);
  const latest = { lastCheckedAt: result?.at ?? null, latencyMs: result?.latencyMs ?? null };
  const now = { ...latest, ...stateOf(record), rootCause };
  const unconfirmed = result !== undefined && isWorse(result.outcome, now.state) ? result.reason : null;
  return { name, type, description, target, intervalMs, dependsOn, unconfirmed, ...now };
}

function stateOf(record: MonitorRecord | undefined): Pick<MonitorNow, 'state' | 'since' | 'reason'> {
  // Another process may not have made the monitor known yet.
  if (record === undefined) return { state: 'unknown', since: null, reason: null };
  const { state, since, reason } = record;
  return { state, since: state === 'unknown' ? null : since, reason };
}

function byName(records: readonly MonitorRecord[]): ReadonlyMap<string, MonitorRecord> {
  return new Map(records.map((record) => [record.name, record]));
}
