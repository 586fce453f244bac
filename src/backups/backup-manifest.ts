import * as z from 'zod';

/** The version of the layout; a reader refuses what it does not know. */
export const FORMAT = 'evenkeel-backup/1';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Size = z.strictObject({ bytes: z.int().min(0), sha256: Sha256 });

const TableCount = z.strictObject({
  /** With its schema where there are several, e.g. `public.orders`. */
  name: z.string(),
  /** Null when counting took too long. */
  rows: z.int().min(0).nullable(),
});
export type TableCount = z.output<typeof TableCount>;

/** What an engine knows about a dump it made. Nothing in it is secret. */
export const DumpFacts = z.strictObject({
  /** E.g. `PostgreSQL 15.14`. */
  server: z.string(),
  /** E.g. `pg_dump 15.14`. */
  tool: z.string(),
  /** What was run, without anything secret. */
  command: z.array(z.string()),
  /** Name of the database, or of the file. */
  database: z.string(),
  /** Counted at the very instant of the dump, in order of name. */
  tables: z.array(TableCount),
  /** What the database needs beside its own tables, e.g. `pgcrypto`. */
  extensions: z.array(z.string()),
});
export type DumpFacts = z.output<typeof DumpFacts>;

/**
 * `manifest.json` of a backup. It is written last: a folder without it is not a backup. Its signature stands beside it
 * in `manifest.json.sig` (ed25519 over the bytes of the file) and is checked before anything is decrypted.
 */
export const BackupManifest = z.strictObject({
  format: z.literal(FORMAT),
  id: z.string().regex(/^bak_[0-9a-z]+$/),
  app: z.string(),
  environment: z.string(),
  service: z.string(),
  engine: z.string(),
  /** What data it holds, in words of the trade. */
  holds: z.array(z.string()),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** The dump as the engine wrote it, and as it is stored: packed with zstd, then encrypted with age. */
  dump: z.strictObject({ file: z.literal('dump.zst.age'), plain: Size, stored: Size }),
  /** Whose private keys open it. */
  recipients: z.array(z.string()).min(2),
  source: DumpFacts,
  /** The version of Evenkeel that made it. */
  madeBy: z.string(),
});
export type BackupManifest = z.output<typeof BackupManifest>;
