import type { Migration, Reads, Tx } from '../contracts/database.ts';
import type { Lane, Severity } from '../contracts/outbound.ts';

/** One problem people are told of, and who was told: the only module that knows these tables. */
export const alertMigration: Migration = {
  id: 'alerting/2026-11-21-alert',
  up: [
    `create table alert (
       id text primary key, environment text not null, cause text not null, state text not null,
       severity text not null, title text not null, reason text, opened_at bigint not null,
       confirmed_at bigint not null, resolved_at bigint, tellings integer not null)`,
    `create unique index alert_open on alert (environment, cause) where state = 'open'`,
    // In the order in which they are listed: the page, the API and each scrape of the metrics ask for that list.
    'create index alert_listed on alert (environment, state, opened_at desc, id desc)',
    `create table alert_told (
       alert_id text not null references alert (id) on delete cascade, channel text not null, lane text not null,
       primary key (alert_id, channel))`,
  ],
  down: ['drop table alert_told', 'drop table alert'],
};

export const runbookMigration: Migration = {
  id: 'alerting/2026-11-22-alert-runbook',
  up: ['alter table alert add column runbook text'],
  down: ['alter table alert drop column runbook'],
};

export interface AlertTables {
  alert: AlertRow;
  alert_told: ToldRow;
}

interface AlertRow {
  id: string;
  environment: string;
  cause: string;
  state: 'open' | 'resolved';
  severity: Severity;
  title: string;
  reason: string | null;
  runbook: string | null;
  opened_at: number;
  confirmed_at: number;
  resolved_at: number | null;
  tellings: number;
}

interface ToldRow {
  alert_id: string;
  channel: string;
  lane: Lane;
}

export interface Alert {
  readonly id: string;
  readonly environment: string;
  readonly cause: string;
  readonly state: 'open' | 'resolved';
  /** The worst it has been. */
  readonly severity: Severity;
  readonly title: string;
  readonly reason: string | null;
  /** What tells people what to do; null where nobody has written it down. */
  readonly runbook: string | null;
  readonly openedAt: number;
  readonly confirmedAt: number;
  readonly resolvedAt: number | null;
  /** How often people were told of it. */
  readonly tellings: number;
}

/** A channel that was told, and the lane in which it heard of it first. */
export interface Told {
  readonly alertId: string;
  readonly channel: string;
  readonly lane: Lane;
}

export type NewAlert = Omit<Alert, 'state' | 'resolvedAt' | 'tellings'>;

/** Of each cause one is open at most; a second one is refused by the index. */
export async function open(tx: Tx, alert: NewAlert): Promise<void> {
  const { openedAt, confirmedAt, ...same } = alert;
  const times = { opened_at: openedAt, confirmed_at: confirmedAt, resolved_at: null };
  await tx
    .of<AlertTables>()
    .insertInto('alert')
    .values({ ...same, ...times, state: 'open', tellings: 1 })
    .execute();
}

/** `causes` are the names of one and the same thing. */
export async function findOpen(tx: Tx, environment: string, causes: readonly string[]): Promise<Alert | undefined> {
  const query = tx.of<AlertTables>().selectFrom('alert').selectAll().where('environment', '=', environment);
  const row = await query
    .where('cause', 'in', [...causes])
    .where('state', '=', 'open')
    .executeTakeFirst();
  return row && fromRow(row);
}

export async function find(tx: Tx, id: string): Promise<Alert | undefined> {
  const row = await tx.of<AlertTables>().selectFrom('alert').selectAll().where('id', '=', id).executeTakeFirst();
  return row && fromRow(row);
}

export async function update(
  tx: Tx,
  id: string,
  now: Pick<Alert, 'severity' | 'title' | 'reason' | 'tellings'>,
): Promise<void> {
  const { severity, title, reason, tellings } = now;
  await tx
    .of<AlertTables>()
    .updateTable('alert')
    .set({ severity, title, reason, tellings })
    .where('id', '=', id)
    .execute();
}

/** False when it was resolved already. */
export async function resolve(tx: Tx, id: string, at: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .of<AlertTables>()
    .updateTable('alert')
    .set(({ eb }) => ({ state: 'resolved', resolved_at: at, tellings: eb('tellings', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'open')
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Keeps the lane of the first time. */
export async function setTold(tx: Tx, { alertId, channel, lane }: Told): Promise<void> {
  await tx
    .of<AlertTables>()
    .insertInto('alert_told')
    .values({ alert_id: alertId, channel, lane })
    .onConflict((conflict) => conflict.columns(['alert_id', 'channel']).doNothing())
    .execute();
}

export async function listTold(reads: Reads<AlertTables>, alertIds: readonly string[]): Promise<readonly Told[]> {
  if (alertIds.length === 0) return [];
  const query = reads
    .selectFrom('alert_told')
    .selectAll()
    .where('alert_id', 'in', [...alertIds]);
  const rows = await query.orderBy('channel').execute();
  return rows.map(({ alert_id: alertId, channel, lane }) => ({ alertId, channel, lane }));
}

/** Open ones first, then those that are over; newest first. */
export async function list(reads: Reads<AlertTables>, environment: string, limit: number): Promise<readonly Alert[]> {
  // `open` sorts before `resolved`.
  const query = reads.selectFrom('alert').selectAll().where('environment', '=', environment).orderBy('state');
  const rows = await query.orderBy('opened_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(fromRow);
}

export async function deleteResolvedBefore(tx: Tx, environment: string, before: number): Promise<number> {
  const { numDeletedRows } = await tx
    .of<AlertTables>()
    .deleteFrom('alert')
    .where('environment', '=', environment)
    .where('resolved_at', '<', before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function fromRow(row: AlertRow): Alert {
  const { opened_at: openedAt, confirmed_at: confirmedAt, resolved_at: resolvedAt, ...same } = row;
  return { ...same, openedAt, confirmedAt, resolvedAt };
}
