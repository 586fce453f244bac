import { type RawBuilder, sql } from 'kysely';

const here = sql`(select oid from pg_database where datname = current_database())`;

/**
 * On PostgreSQL: the id below which every transaction of this database has ended, as the asking statement sees it.
 * Whoever reads stays below, and nothing can appear behind its back.
 *
 * A snapshot names the transactions that ran when it was taken, of every database of the server; one in another
 * database never writes here, so it holds nothing back. Only who is *known* to be elsewhere is left out: one that has
 * ended since the snapshot is in no list any more, may have been ours, and is invisible to this statement. That is why
 * the rows have to be read with the snapshot that the horizon comes from: in the same statement.
 *
 * A snapshot does not name the transaction it belongs to. That one may still announce something, and bounds as well.
 *
 * The functions behind `pg_stat_activity` and `pg_prepared_xacts` tell everybody the same, and are planned in half the
 * time. They name transactions by their lower 32 bits, which no two that run at the same time share.
 */
export const horizon: RawBuilder<unknown> = sql`(
  select least(
    pg_snapshot_xmax(pg_current_snapshot()),
    pg_current_xact_id_if_assigned(),
    (select running from pg_snapshot_xip(pg_current_snapshot()) as running
     where not exists (
       select from pg_stat_get_activity(null) where backend_xid = running::xid and datid <> ${here})
     and not exists (
       select from pg_prepared_xact() as prepared where prepared.transaction = running::xid and dbid <> ${here})
     order by running limit 1)))`;
