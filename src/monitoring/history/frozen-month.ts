import type { Db, Migration, Tx } from '../../contracts/database.ts';
import type { Availability } from '../../contracts/facts.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/clock.ts';
import * as monitorStore from '../state/monitor-store.ts';
import { lastSeenOf } from '../state/watch.ts';
import { availabilityIn, availabilityOf, type MaintenancePolicy, type MsByState, type Window } from './availability.ts';
import * as changeStore from './change-store.ts';
import { monthsBetween, monthWindow } from './months.ts';
import * as resultStore from './result-store.ts';

/**
 * The uptime of months that are over, as it was published: what is deleted or put right later changes nothing in it.
 * Time by class and no percentage, so that a policy can still be chosen.
 */
export const frozenMonthMigration: Migration = {
  id: 'monitoring/2026-11-21-frozen-month',
  up: [
    `create table frozen_month (
       monitor_id integer not null references monitor (id), month text not null, zone text not null,
       up_ms bigint not null, degraded_ms bigint not null, down_ms bigint not null, maintenance_ms bigint not null,
       unknown_ms bigint not null, frozen_at bigint not null, primary key (monitor_id, zone, month))`,
  ],
  down: ['drop table frozen_month'],
};

interface FrozenTable {
  frozen_month: {
    monitor_id: number;
    month: string;
    zone: string;
    up_ms: number;
    degraded_ms: number;
    down_ms: number;
    maintenance_ms: number;
    unknown_ms: number;
    frozen_at: number;
  };
}

/** What probes bring late still counts for so long after the month. */
const GRACE_MS = 48 * HOUR_MS;
const UTC = 'UTC';
const MONTH_MS_MAX = 31 * DAY_MS;

export interface FreezeDeps {
  readonly db: Db;
  readonly environment: string;
}

/** Freezes every month that is over, of every monitor that ever was; what is frozen stays as it is. */
export async function freezeMonths({ db, environment }: FreezeDeps, now: number, zone = UTC): Promise<void> {
  const records = await monitorStore.list(db, environment);
  const latest = await resultStore.latest(
    db,
    records.map(({ id }) => id),
  );
  for (const record of records) {
    const { id } = record;
    const knownUntil = knownUntilOf(record, latest.get(id));
    const changes = (await changeStore.listSince(db, [id], 0)).get(id) ?? [];
    const [first] = changes;
    if (first === undefined) continue;
    const frozen = await frozenOf(db, id, zone);
    const due = monthsBetween(first.at, now - GRACE_MS, zone).filter(
      (month) => !frozen.has(month) && isOver(monthWindow(month, zone), { knownUntil, now }),
    );
    const months = due.map((month) => ({ month, ms: availabilityIn(changes, monthWindow(month, zone)).ms }));
    if (months.length === 0) continue;
    await db.quiet('a month that is over is no news', (tx) => freeze(tx, months, { monitorId: id, zone, now }));
  }
}

/** Nobody may have been there to write down that nothing is known any more: that comes before a month is frozen. */
function knownUntilOf(record: monitorStore.MonitorRecord, lastResult: resultStore.ResultRecord | undefined): number {
  const isSilent = record.state === 'unknown' || record.state === 'maintenance';
  return isSilent ? Number.POSITIVE_INFINITY : lastSeenOf(record, lastResult);
}

function isOver({ to }: Window, { knownUntil, now }: { readonly knownUntil: number; readonly now: number }): boolean {
  return to <= knownUntil && to + GRACE_MS <= now;
}

interface Frozen {
  readonly month: string;
  readonly ms: MsByState;
}

async function freeze(
  tx: Tx,
  months: readonly Frozen[],
  { monitorId, zone, now }: { readonly monitorId: number; readonly zone: string; readonly now: number },
): Promise<void> {
  const rows = months.map(({ month, ms }) => ({
    monitor_id: monitorId,
    month,
    zone,
    up_ms: ms.up,
    degraded_ms: ms.degraded,
    down_ms: ms.down,
    maintenance_ms: ms.maintenance,
    unknown_ms: ms.unknown,
    frozen_at: now,
  }));
  const query = tx.of<FrozenTable>().insertInto('frozen_month').values(rows);
  await query.onConflict((conflict) => conflict.columns(['monitor_id', 'zone', 'month']).doNothing()).execute();
}

/** Of a time before we watched, more was brought along: its months are counted anew. What we watched stays published. */
export async function thaw(tx: Tx, monitorId: number, { from, to }: Window): Promise<void> {
  const frozen = tx.of<FrozenTable>();
  const rows = await frozen
    .selectFrom('frozen_month')
    .select(['month', 'zone'])
    .where('monitor_id', '=', monitorId)
    .execute();
  for (const { month, zone } of rows) {
    const window = monthWindow(month, zone);
    if (window.to <= from || window.to > to) continue;
    const one = frozen.deleteFrom('frozen_month').where('monitor_id', '=', monitorId);
    await one.where('month', '=', month).where('zone', '=', zone).execute();
  }
}

async function frozenOf(db: Db, monitorId: number, zone: string): Promise<ReadonlyMap<string, MsByState>> {
  const query = db.of<FrozenTable>().selectFrom('frozen_month').selectAll();
  const rows = await query.where('monitor_id', '=', monitorId).where('zone', '=', zone).execute();
  return new Map(
    rows.map(({ month, up_ms: up, degraded_ms: degraded, down_ms: down, ...row }) => [
      month,
      { up, degraded, down, maintenance: row.maintenance_ms, unknown: row.unknown_ms },
    ]),
  );
}

export interface MonthAsked {
  readonly monitorId: number;
  /** E.g. `2026-10`. */
  readonly month: string;
  readonly zone: string;
  readonly maintenance: MaintenancePolicy;
  /** Of the running month, only what is past counts. */
  readonly now: number;
}

/** The uptime of one month: as it was frozen, or as it is counted now while it may still change. */
export async function monthlyAvailability(db: Db, asked: MonthAsked): Promise<Availability> {
  const { monitorId, month, zone, maintenance, now } = asked;
  const frozen = (await frozenOf(db, monitorId, zone)).get(month);
  if (frozen !== undefined) return availabilityOf(frozen, maintenance);
  const { from, to } = monthWindow(month, zone);
  const changes = (await changeStore.listSince(db, [monitorId], from)).get(monitorId) ?? [];
  return availabilityIn(changes, { from, to: Math.max(from, Math.min(to, now)) }, maintenance);
}

export interface MonthUptime {
  /** E.g. `2026-10`. */
  readonly month: string;
  readonly availability: Availability;
  /** It is over, and nothing changes it any more. */
  readonly isFrozen: boolean;
}

/** The latest months of UTC in which anything was known, the running one among them, newest first. */
export async function latestMonths(
  db: Db,
  { monitorId, count, now }: { readonly monitorId: number; readonly count: number; readonly now: number },
): Promise<readonly MonthUptime[]> {
  const frozen = await frozenOf(db, monitorId, UTC);
  const names = monthsBetween(now - count * MONTH_MS_MAX, now, UTC)
    .slice(-count)
    .toReversed();
  const asked = { monitorId, zone: UTC, maintenance: 'excluded', now } as const;
  const months = await Promise.all(
    names.map(async (month): Promise<MonthUptime> => {
      const availability = await monthlyAvailability(db, { ...asked, month });
      return { month, availability, isFrozen: frozen.has(month) };
    }),
  );
  return months.filter(({ availability }) => availability.coverage > 0);
}
