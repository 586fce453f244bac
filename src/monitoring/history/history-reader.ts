import type { Db } from '../../contracts/database.ts';
import type { Availability } from '../../contracts/facts.ts';
import type { StateChange } from '../../contracts/state.ts';
import type { MonitorRecord } from '../state/monitor-store.ts';
import * as monitorStore from '../state/monitor-store.ts';
import { availabilityIn, type Change, type Window } from './availability.ts';
import * as changeStore from './change-store.ts';
import { latestMonths, type MonthUptime } from './frozen-month.ts';
import * as resultStore from './result-store.ts';
import { type LatencySeries, latencySeries } from './series.ts';

/** Everything that was recorded, monitor by monitor, oldest first; also of monitors that are gone. */
export interface HistoryReader {
  /** `since` in epoch milliseconds; inclusive. */
  changes(since: number): AsyncIterable<StateChange>;
  results(since: number): AsyncIterable<resultStore.ResultRecord & { readonly monitor: string }>;
  /** In about so many points; empty for a name that was never watched. */
  latency(name: string, window: Window, points: number): Promise<LatencySeries>;
  /** From `knownUntil` on nobody looked any more. */
  uptime(name: string, windows: readonly Window[], knownUntil: number): Promise<Uptime>;
}

export interface Uptime {
  /** In the order in which they were asked for. */
  readonly windows: readonly (Window & { readonly availability: Availability })[];
  /** The latest ones of all the time asked for, newest first. */
  readonly changes: readonly Change[];
  /** The latest twelve months of which anything is known, newest first; those that are over as they were published. */
  readonly months: readonly MonthUptime[];
}

const CHANGES_SHOWN = 10;
const MONTHS_SHOWN = 12;

const PAGE = 2_000;

/** Reads a page at a time: the whole may be larger than memory. */
export function createHistoryReader({ db, environment }: { db: Db; environment: string }): HistoryReader {
  return {
    async *changes(since) {
      for (const { id, name } of await records()) {
        const changes = (await changeStore.listSince(db, [id], since)).get(id) ?? [];
        for (const change of changes) if (change.at >= since) yield { monitor: name, ...change };
      }
    },
    async *results(since) {
      for (const { id, name } of await records()) {
        for await (const result of resultsOf(id, since)) yield { monitor: name, ...result };
      }
    },
    async latency(name, window, points) {
      return latencySeries(db, { monitorId: await idOf(name), window, points });
    },
    async uptime(name, windows, knownUntil) {
      const id = await idOf(name);
      const from = Math.min(...windows.map((window) => window.from));
      const changes = (await changeStore.listSince(db, [id], from)).get(id) ?? [];
      const known = [...changes, { at: knownUntil, state: 'unknown', reason: null } as const];
      return {
        windows: windows.map((window) => ({ ...window, availability: availabilityIn(known, window) })),
        changes: changes.slice(-CHANGES_SHOWN).toReversed(),
        months: await latestMonths(db, { monitorId: id, count: MONTHS_SHOWN, now: knownUntil }),
      };
    },
  };

  /** No monitor has the number 0. */
  async function idOf(name: string): Promise<number> {
    return (await records()).find((record) => record.name === name)?.id ?? 0;
  }

  function records(): Promise<readonly MonitorRecord[]> {
    return monitorStore.list(db, environment);
  }

  async function* resultsOf(id: number, since: number): AsyncIterable<resultStore.ResultRecord> {
    let from = since;
    for (;;) {
      const page = await resultStore.pageSince(db, id, { since: from, limit: PAGE });
      yield* page;
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return;
      from = last.at + 1;
    }
  }
}
