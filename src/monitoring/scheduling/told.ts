import type { Db } from '../../contracts/database.ts';
import * as pingStore from '../heartbeats/ping-store.ts';
import * as runStore from '../heartbeats/run-store.ts';
import * as saidStore from '../manual/said-store.ts';
import type { MonitorType, Ping, Said } from '../monitor-type.ts';

/** What a monitor was told that does not ask. */
export interface Told {
  readonly lastPing: Ping | null;
  readonly lastEnd: Ping | null;
  readonly openRuns: readonly number[];
  readonly said: Said | null;
}

const ENDS = ['success', 'failure'] as const;

/** Whoever asks is told nothing. */
export const NOTHING_TOLD: Told = { lastPing: null, lastEnd: null, openRuns: [], said: null };

export async function toldTo(db: Db, { takesPings, isToldByPeople }: MonitorType, monitorId: number): Promise<Told> {
  if (isToldByPeople) return { ...NOTHING_TOLD, said: await saidStore.find(db, monitorId) };
  if (!takesPings) return NOTHING_TOLD;
  const lastPing = await pingStore.latest(db, monitorId);
  const isUnderWay = lastPing?.outcome === 'started';
  const lastEnd = isUnderWay ? await pingStore.latest(db, monitorId, ENDS) : lastPing;
  return { ...NOTHING_TOLD, lastPing, lastEnd, openRuns: await runStore.openOf(db, monitorId) };
}
