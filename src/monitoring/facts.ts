import type { Db } from '../contracts/database.ts';
import type { MonitoringFacts, MonitorNow } from '../contracts/facts.ts';
import type { Clock } from '../kernel/clock.ts';
import { createDayLedger } from './history/day-ledger.ts';
import * as resultStore from './history/result-store.ts';
import { createLocationKeeper } from './locations/keeper.ts';
import type { MaintenanceCalendar } from './maintenance/calendar.ts';
import { HERE, isSeenElsewhere, type Monitor } from './monitor.ts';
import { isWorse } from './state/confirmation.ts';
import type { MonitorRecord } from './state/monitor-store.ts';
import { recordsNow } from './state/records-now.ts';
import { rootCauseOf } from './state/root-cause.ts';
import { monitorTypes } from './types/index.ts';

export interface FactsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
  /** What the manifest names now. */
  readonly monitors: () => readonly Monitor[];
  /** What the latest check measured, if it was made in this process. */
  readonly readings: (monitor: string) => Readonly<Record<string, number>>;
  /** Announced work, as it is known now. */
  readonly calendar: () => MaintenanceCalendar;
}

/**
 * Answers from the database alone, so every process gives the same answer, whoever checks. What was committed counts
 * only as long as somebody goes on checking: whoever checks may have died, or may not be able to write any more.
 */
export function createFacts(deps: FactsDeps): MonitoringFacts {
  const { db, clock, environment, monitors } = deps;
  const ledger = createDayLedger(db);
  const places = createLocationKeeper({ db, clock, environment });

  return {
    async monitors() {
      const { records, latest } = await recordsNow(deps);
      await lookElsewhere(records);
      const here = await seenHere(records);
      const watched = new Map(monitors().map((monitor) => [monitor.name, monitor]));
      const failures = {
        dependsOn: (name: string) => watched.get(name)?.dependsOn ?? [],
        isFailing: (name: string) => records.get(name)?.state === 'down',
      };
      return monitors().map((monitor) => {
        const record = records.get(monitor.name);
        const rootCause = failures.isFailing(monitor.name) ? rootCauseOf(monitor.name, failures) : null;
        const newest = record && latest.get(record.id);
        const result = (record && here.get(record.id)) ?? newest;
        return nowOf(monitor, {
          record,
          rootCause,
          result,
          lastCheckedAt: newest?.at ?? null,
          locations: places.seen(monitor.name),
          readings: deps.readings(monitor.name),
        });
      });
    },

    async history(names, days) {
      const now = clock.now();
      const { stored, unknownSince: since } = await recordsNow(deps);
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

  /** What people are told of a check is what we saw ourselves, wherever we look too. */
  function seenHere(records: ReadonlyMap<string, MonitorRecord>) {
    const both = monitors().filter((monitor) => isSeenElsewhere(monitor) && monitor.locations.includes(HERE));
    return resultStore.latestHere(
      db,
      both.flatMap(({ name }) => records.get(name)?.id ?? []),
    );
  }

  async function lookElsewhere(records: ReadonlyMap<string, MonitorRecord>): Promise<void> {
    const kept = monitors().flatMap((monitor) => {
      const record = records.get(monitor.name);
      return record === undefined ? [] : [{ monitor, id: record.id }];
    });
    await places.apply(kept);
  }
}

interface Known {
  readonly record: MonitorRecord | undefined;
  readonly result: resultStore.ResultRecord | undefined;
  readonly lastCheckedAt: number | null;
  readonly rootCause: string | null;
  readonly locations: MonitorNow['locations'];
  readonly readings: MonitorNow['readings'];
}

function nowOf(monitor: Monitor, { record, result, lastCheckedAt, rootCause, ...seen }: Known): MonitorNow {
  const { name, type, description, intervalMs, dependsOn } = monitor;
  const target = monitorTypes.get(type).target(monitor.settings);
  const latest = { lastCheckedAt, latencyMs: result?.latencyMs ?? null };
  const now = { ...latest, ...reasonedBy(result, stateOf(record)), rootCause };
  const unconfirmed = result !== undefined && isWorse(result.outcome, now.state) ? result.reason : null;
  return { name, type, description, target, intervalMs, dependsOn, unconfirmed, ...seen, ...now };
}

/** What is wrong may be something else by now than when it began; the history keeps what began it. */
function reasonedBy(result: Known['result'], now: ReturnType<typeof stateOf>): ReturnType<typeof stateOf> {
  const isSame = result?.reason !== undefined && result.reason !== null && result.outcome === now.state;
  return isSame ? { ...now, reason: result.reason } : now;
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
