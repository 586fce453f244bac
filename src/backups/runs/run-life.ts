import type { Migration, Tx } from '../../contracts/database.ts';
import type { BackupRunError } from '../backups.ts';
import type { RunRow, RunTables } from './run-store.ts';

/**
 * One line for each service that was ever backed up: the slot of its schedule that was served last, and the run that
 * holds it, so that there is one at a time whatever many processes do.
 */
export const sourceMigration: Migration = {
  id: 'backups/2026-11-21-source',
  up: [
    `create table backup_source (
       environment text not null, service text not null, last_slot bigint, held_by text,
       primary key (environment, service))`,
  ],
  down: ['drop table backup_source'],
};

interface LifeTables extends RunTables {
  readonly backup_source: SourceRow;
}

interface SourceRow {
  readonly environment: string;
  readonly service: string;
  readonly last_slot: number | null;
  readonly held_by: string | null;
}

export interface SourceKey {
  readonly environment: string;
  readonly service: string;
}

/** The slot that was served last; null when none ever was. */
export async function lastSlotOf(tx: Tx, { environment, service }: SourceKey): Promise<number | null> {
  const query = tx.of<LifeTables>().selectFrom('backup_source').select('last_slot');
  const row = await query.where('environment', '=', environment).where('service', '=', service).executeTakeFirst();
  return row?.last_slot ?? null;
}

/** Compare-and-set: false when another process has served that slot. */
export async function takeSlot(
  tx: Tx,
  { environment, service }: SourceKey,
  slot: { readonly seen: number | null; readonly next: number },
): Promise<boolean> {
  await ensure(tx, { environment, service });
  const update = tx.of<LifeTables>().updateTable('backup_source').set({ last_slot: slot.next });
  const own = update.where('environment', '=', environment).where('service', '=', service);
  const asSeen = slot.seen === null ? own.where('last_slot', 'is', null) : own.where('last_slot', '=', slot.seen);
  return (await asSeen.executeTakeFirst()).numUpdatedRows === 1n;
}

/** Until this transaction ends nobody else asks for work on this service, so that the same is not asked for twice. */
export async function takeTurn(tx: Tx, key: SourceKey): Promise<void> {
  await ensure(tx, key);
  const update = tx.of<LifeTables>().updateTable('backup_source').set({ service: key.service });
  await update.where('environment', '=', key.environment).where('service', '=', key.service).execute();
}

/** Begins a run; false when it does not wait any more, or when another run of the service is under way. */
export async function begin(
  tx: Tx,
  key: SourceKey,
  run: { readonly id: string; readonly at: number },
): Promise<boolean> {
  await ensure(tx, key);
  const hold = tx.of<LifeTables>().updateTable('backup_source').set({ held_by: run.id });
  const free = hold.where('environment', '=', key.environment).where('service', '=', key.service);
  const held = await free.where('held_by', 'is', null).executeTakeFirst();
  if (held.numUpdatedRows !== 1n) return false;
  const changes = { state: 'running', started_at: run.at, seen_at: run.at } as const;
  if (await change(tx, run.id, 'waiting', changes)) return true;
  await letGo(tx, run.id);
  return false;
}

export interface Progress {
  readonly phase: string | null;
  readonly bytes: number;
  /** Once a backup has its id. */
  readonly backup: string | null;
  readonly at: number;
}

/** A sign of life; false when somebody has declared the run dead meanwhile. */
export function beat(tx: Tx, id: string, { phase, bytes, backup, at }: Progress): Promise<boolean> {
  return change(tx, id, 'running', { phase, bytes, backup, seen_at: at });
}

export interface RunEnd {
  readonly state: 'done' | 'failed';
  readonly findings: readonly string[];
  readonly error: BackupRunError | null;
  readonly at: number;
}

/** False when it has ended already: whoever was declared dead may not say anything more. */
export async function end(
  tx: Tx,
  { id, backup, bytes }: Pick<RunRow, 'id' | 'backup' | 'bytes'>,
  { state, findings, error, at }: RunEnd,
): Promise<boolean> {
  const texts = { findings: JSON.stringify(findings), error: error && JSON.stringify(error) };
  const hasEnded = await change(tx, id, 'running', { state, backup, bytes, phase: null, ended_at: at, ...texts });
  if (hasEnded) await letGo(tx, id);
  return hasEnded;
}

/** Back into the queue as if it had never begun: for a process that is asked to stop. */
export async function putBack(tx: Tx, id: string): Promise<void> {
  const fresh = { state: 'waiting', phase: null, bytes: 0, started_at: null, seen_at: null } as const;
  if (await change(tx, id, 'running', fresh)) await letGo(tx, id);
}

/** What has ended before is forgotten. */
export async function deleteEndedBefore(tx: Tx, environment: string, before: number): Promise<void> {
  const runs = tx.of<LifeTables>().deleteFrom('backup_run').where('environment', '=', environment);
  await runs.where('ended_at', '<', before).execute();
}

async function change(tx: Tx, id: string, from: RunRow['state'], changes: Partial<RunRow>): Promise<boolean> {
  const query = tx.of<LifeTables>().updateTable('backup_run').set(changes).where('id', '=', id);
  return (await query.where('state', '=', from).executeTakeFirst()).numUpdatedRows === 1n;
}

async function ensure(tx: Tx, { environment, service }: SourceKey): Promise<void> {
  await tx
    .of<LifeTables>()
    .insertInto('backup_source')
    .values({ environment, service, last_slot: null, held_by: null })
    .onConflict((conflict) => conflict.columns(['environment', 'service']).doNothing())
    .execute();
}

async function letGo(tx: Tx, run: string): Promise<void> {
  await tx.of<LifeTables>().updateTable('backup_source').set({ held_by: null }).where('held_by', '=', run).execute();
}
