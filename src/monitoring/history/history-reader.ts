import type { Db } from '../../contracts/database.ts';
import type { StateChange } from '../../contracts/state.ts';
import type { MonitorRecord } from '../state/monitor-store.ts';
import * as monitorStore from '../state/monitor-store.ts';
import * as changeStore from './change-store.ts';
import * as resultStore from './result-store.ts';

/** Everything that was recorded, monitor by monitor, oldest first; also of monitors that are gone. */
export interface HistoryReader {
  /** `since` in epoch milliseconds; inclusive. */
  changes(since: number): AsyncIterable<StateChange>;
  results(since: number): AsyncIterable<resultStore.ResultRecord & { readonly monitor: string }>;
}

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
  };

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
