import type { Db, Migration, Tx } from '../../contracts/database.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import type { Window } from './availability.ts';
import { decode, encode } from './sketch.ts';
import type { Tally } from './tally.ts';

/**
 * Hours and days are kept of every monitor. A minute is worth a row only where it stands for several checks: a row
 * takes as much space as four raw results, so minutes are kept of hours with more than 240 of them.
 */
export const TIERS = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } as const;
export type Tier = keyof typeof TIERS;
const TIER_NUMBER = { minute: 0, hour: 1, day: 2 } as const satisfies Record<Tier, number>;

/** UTC, so that a day has 24 hours and every hour belongs to one day. */
export function startOf(at: number, tier: Tier): number {
  return at - (at % TIERS[tier]);
}

const COLUMNS = `monitor_id integer not null, tier smallint not null, at bigint not null, location smallint not null,
  up integer not null, degraded integer not null, down integer not null, answers integer not null,
  sum_us bigint not null, min_us integer, max_us integer, latencies text not null,
  primary key (monitor_id, tier, at, location)`;

const QUEUE = [
  // What lies before it has been told to the roller: later arrivals have to say so themselves.
  'create table rollup_cursor (id integer primary key, until bigint not null)',
  'insert into rollup_cursor (id, until) values (1, 0)',
  // Closed times whose roll-up is not, or no longer, what the results say.
  `create table rollup_due (monitor_id integer not null, tier smallint not null, at bigint not null,
     primary key (tier, monitor_id, at))`,
  // Of what lies before it, the results (or the hours) of a monitor are gone, and only the coarser roll-ups know.
  `create table rollup_floor (monitor_id integer primary key, results_before bigint not null,
     hours_before bigint not null)`,
];

export const rollupMigration: Migration = {
  id: 'monitoring/2026-11-21-result-rollup',
  up: {
    sqlite: [`create table result_rollup (${COLUMNS}) without rowid`, ...QUEUE],
    postgres: [`create table result_rollup (${COLUMNS})`, ...QUEUE],
  },
  down: ['drop table rollup_floor', 'drop table rollup_due', 'drop table rollup_cursor', 'drop table result_rollup'],
};

interface RollupTable {
  result_rollup: {
    monitor_id: number;
    tier: number;
    at: number;
    location: number;
    up: number;
    degraded: number;
    down: number;
    answers: number;
    sum_us: number;
    min_us: number | null;
    max_us: number | null;
    latencies: string;
  };
}

export interface Rollup {
  /** When its time begins. */
  readonly at: number;
  readonly location: number;
  readonly tally: Tally;
}

/** What is there of the times that begin in the window, ascending. */
export async function list(
  source: Pick<Db, 'of'> | Tx,
  { monitorId, tier }: { readonly monitorId: number; readonly tier: Tier },
  { from, to }: Window,
): Promise<readonly Rollup[]> {
  const query = source.of<RollupTable>().selectFrom('result_rollup').selectAll();
  const found = query.where('monitor_id', '=', monitorId).where('tier', '=', TIER_NUMBER[tier]);
  const rows = await found.where('at', '>=', from).where('at', '<', to).orderBy('at').orderBy('location').execute();
  return rows.map(fromRow);
}

/** Makes the window say exactly this. */
export async function replace(
  tx: Tx,
  { monitorId, tier, window }: { readonly monitorId: number; readonly tier: Tier; readonly window: Window },
  rollups: readonly Rollup[],
): Promise<void> {
  const table = tx.of<RollupTable>();
  const outdated = table.deleteFrom('result_rollup').where('monitor_id', '=', monitorId);
  const inTier = outdated.where('tier', '=', TIER_NUMBER[tier]);
  await inTier.where('at', '>=', window.from).where('at', '<', window.to).execute();
  await add(tx, { monitorId, tier }, rollups);
}

/** Beside what is there; one that is there already stays as it is. */
export async function add(
  tx: Tx,
  { monitorId, tier }: { readonly monitorId: number; readonly tier: Tier },
  rollups: readonly Rollup[],
): Promise<void> {
  const rows = rollups.map(({ at, location, tally }) => [
    monitorId,
    TIER_NUMBER[tier],
    at,
    location,
    tally.up,
    tally.degraded,
    tally.down,
    tally.answers,
    tally.sumUs,
    tally.minUs,
    tally.maxUs,
    encode(tally.latencies),
  ]);
  await tx.append('result_rollup', INSERT_COLUMNS, rows);
}

const INSERT_COLUMNS = 'monitor_id tier at location up degraded down answers sum_us min_us max_us latencies'.split(' ');

/** The oldest ones of one monitor. Returns how many. */
export async function deleteBefore(
  tx: Tx,
  { monitorId, tier }: { readonly monitorId: number; readonly tier: Tier },
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number> {
  const table = tx.of<RollupTable>();
  const old = table.selectFrom('result_rollup').select('at').where('monitor_id', '=', monitorId);
  const ofTier = old.where('tier', '=', TIER_NUMBER[tier]).where('at', '<', before).orderBy('at').limit(limit);
  const query = table.deleteFrom('result_rollup').where('monitor_id', '=', monitorId);
  const { numDeletedRows } = await query
    .where('tier', '=', TIER_NUMBER[tier])
    .where('at', 'in', ofTier)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function fromRow(row: RollupTable['result_rollup']): Rollup {
  const { at, location, up, degraded, down, answers } = row;
  const latencies = decode(row.latencies);
  if (latencies === undefined) throw new Error(`The roll-up of monitor ${row.monitor_id} at ${at} cannot be read.`);
  const spread = { sumUs: row.sum_us, minUs: row.min_us, maxUs: row.max_us, latencies };
  return { at, location, tally: { up, degraded, down, answers, ...spread } };
}
