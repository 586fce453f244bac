import type { Migration, Reads, Tx } from '../contracts/database.ts';
import type { Severity } from '../contracts/outbound.ts';
import type { Failure } from './signal.ts';
import type { Fingerprint } from './signal-kinds.ts';

/** What an alert shows itself in: the only module that knows this table. */
export const signalMigration: Migration = {
  id: 'alerting/2026-11-21-alert-signal',
  up: [
    `create table alert_signal (
       alert_id text not null references alert (id) on delete cascade, environment text not null,
       fingerprint text not null, severity text not null, reason text, state text not null,
       started_at bigint not null, resolved_at bigint, primary key (alert_id, fingerprint))`,
    `create unique index alert_signal_firing on alert_signal (environment, fingerprint) where state = 'firing'`,
  ],
  down: ['drop table alert_signal'],
};

export interface SignalTables {
  alert_signal: SignalRow;
}

interface SignalRow {
  alert_id: string;
  environment: string;
  fingerprint: Fingerprint;
  severity: Severity;
  reason: string | null;
  state: 'firing' | 'resolved';
  started_at: number;
  resolved_at: number | null;
}

export interface Signal {
  readonly alertId: string;
  readonly fingerprint: Fingerprint;
  readonly severity: Severity;
  readonly reason: string | null;
  readonly state: 'firing' | 'resolved';
  readonly startedAt: number;
}

/** What fires under any of the names of one and the same thing, the first one first. */
export async function listFiringAs(
  tx: Tx,
  environment: string,
  fingerprints: readonly Fingerprint[],
): Promise<readonly Signal[]> {
  const query = tx.of<SignalTables>().selectFrom('alert_signal').selectAll().where('environment', '=', environment);
  const ofIt = query.where('fingerprint', 'in', [...fingerprints]).where('state', '=', 'firing');
  return (await ofIt.orderBy('started_at').orderBy('fingerprint').execute()).map(fromRow);
}

/** Fires, or goes on firing: in one alert a fingerprint is one row, which remembers when it began first. */
export async function fire(tx: Tx, alertId: string, environment: string, failure: Failure): Promise<void> {
  const { fingerprint, severity, reason, startedAt } = failure;
  const now = { severity, reason, state: 'firing', resolved_at: null } as const;
  await tx
    .of<SignalTables>()
    .insertInto('alert_signal')
    .values({ alert_id: alertId, environment, fingerprint, started_at: startedAt, ...now })
    .onConflict((conflict) => conflict.columns(['alert_id', 'fingerprint']).doUpdateSet(now))
    .execute();
}

/** False when it was not firing any more. */
export async function resolve(tx: Tx, { alertId, fingerprint }: Signal, at: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .of<SignalTables>()
    .updateTable('alert_signal')
    .set({ state: 'resolved', resolved_at: at })
    .where('alert_id', '=', alertId)
    .where('fingerprint', '=', fingerprint)
    .where('state', '=', 'firing')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function listFiring(tx: Tx, environment: string): Promise<readonly Signal[]> {
  const query = tx.of<SignalTables>().selectFrom('alert_signal').selectAll();
  const firing = query.where('environment', '=', environment).where('state', '=', 'firing');
  return (await firing.orderBy('fingerprint').execute()).map(fromRow);
}

/** Of each alert the first one first, those that are over included. */
export async function listOf(reads: Reads<SignalTables>, alertIds: readonly string[]): Promise<readonly Signal[]> {
  if (alertIds.length === 0) return [];
  const query = reads
    .selectFrom('alert_signal')
    .selectAll()
    .where('alert_id', 'in', [...alertIds]);
  return (await query.orderBy('started_at').orderBy('fingerprint').execute()).map(fromRow);
}

function fromRow(row: SignalRow): Signal {
  const { alert_id: alertId, fingerprint, severity, reason, state, started_at: startedAt } = row;
  return { alertId, fingerprint, severity, reason, state, startedAt };
}
