import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../kernel/clock.ts';
import type { ImportedPast, ImportIo, PastSpan, Row, Tables } from '../../import-source.ts';
import { tablesAt } from './data.ts';
import { keyOf } from './monitors.ts';
import { numberIn, textIn } from './row.ts';

const DOWN = 0;

/**
 * What Kuma 2 keeps: a row for each day and, of the last 30 days, for each hour, with how many checks were up and down.
 * Whole days are taken as days, so that the uptime of each is the one Kuma tells; today by the hour.
 */
export async function* pastOf(where: string, io: ImportIo): AsyncIterable<ImportedPast> {
  const tables = await tablesAt(where, io);
  if (tables === undefined) return;
  const now = io.now();
  const today = now - (now % DAY_MS);
  for (const monitor of tables.rows('monitor')) {
    const id = numberIn(monitor, 'id');
    if (id === undefined) continue;
    const outages = outagesOf(tables, id, now);
    const days = spansIn(tables, { table: 'stat_daily', id, length: 'day' }).filter(({ at }) => at < today);
    const hours = spansIn(tables, { table: 'stat_hourly', id, length: 'hour' }).filter(({ at }) => at >= today);
    const spans = [...days, ...hours].map((span) => ({ ...span, outages: within(outages, span) }));
    if (spans.length > 0) yield { key: keyOf(monitor), spans };
  }
}

interface Wanted {
  readonly table: string;
  readonly id: number;
  readonly length: PastSpan['length'];
}

function spansIn(tables: Tables, { table, id, length }: Wanted): readonly PastSpan[] {
  return [...tables.rows(table, { monitor_id: id })].flatMap((row): readonly PastSpan[] => {
    const seconds = numberIn(row, 'timestamp');
    const [up, down] = [numberIn(row, 'up') ?? 0, numberIn(row, 'down') ?? 0];
    const at = (seconds ?? Number.NaN) * SECOND_MS;
    const isWhole = at % (length === 'day' ? DAY_MS : HOUR_MS) === 0;
    return isWhole && up + down > 0 ? [{ at, length, up, down, latency: latencyOf(row, up), outages: [] }] : [];
  });
}

/** Monitors that are told, and those that are down, have measured nothing. */
function latencyOf(row: Row, up: number): PastSpan['latency'] {
  const averageMs = numberIn(row, 'ping') ?? 0;
  if (up === 0 || averageMs <= 0) return null;
  // Of times before Kuma wrote down the fastest and the slowest, both are 0.
  const knownOr = (column: string) => numberIn(row, column) || averageMs;
  return {
    averageMs,
    minMs: Math.min(knownOr('ping_min'), averageMs),
    maxMs: Math.max(knownOr('ping_max'), averageMs),
  };
}

type Outage = PastSpan['outages'][number];

/** Kuma marks each heartbeat at which the state changed as important, and keeps these longer than the others. */
function outagesOf(tables: Tables, id: number, now: number): readonly Outage[] {
  const outages: Outage[] = [];
  let since: number | undefined;
  for (const row of tables.rows('heartbeat', { monitor_id: id, important: 1 })) {
    const at = timeOf(row);
    if (at === undefined) continue;
    if (numberIn(row, 'status') === DOWN) since ??= at;
    else if (since !== undefined) {
      outages.push({ from: since, to: at });
      since = undefined;
    }
  }
  return since === undefined ? outages : [...outages, { from: since, to: now }];
}

function within(outages: readonly Outage[], { at, length }: PastSpan): readonly Outage[] {
  const end = at + (length === 'day' ? DAY_MS : HOUR_MS);
  return outages
    .map(({ from, to }) => ({ from: Math.max(from, at), to: Math.min(to, end) }))
    .filter(({ from, to }) => from < to);
}

/** Written in UTC, without saying so. */
function timeOf(row: Row): number | undefined {
  const at = Date.parse(`${(textIn(row, 'time') ?? '').replace(' ', 'T').replace(/Z$/, '')}Z`);
  return Number.isNaN(at) ? undefined : at;
}
