import * as z from 'zod';
import { errors } from './errors.ts';
import { isPlainName } from './layout.ts';

/** The version of the layout; a reader refuses what it does not know. */
export const FORMAT = 'evenkeel-backup/1';

/** Longer than that of a database with a hundred thousand tables; nothing longer is read: anybody may have written it. */
export const MANIFEST_BYTES_MAX = 16 * 1024 * 1024;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Size = z.strictObject({ bytes: z.int().min(0), sha256: Sha256 });

/** It becomes a folder. */
const Name = z.string().refine(isPlainName, 'Expected letters, digits, `-` and `_`.');

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
  app: Name,
  environment: Name,
  service: Name,
  engine: Name,
  /** What data it holds, in words of the trade. */
  holds: z.array(z.string()),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** The dump as the engine wrote it, and as it is stored: packed with zstd, then encrypted with age. */
  dump: z.strictObject({ file: z.literal('dump.zst.age'), plain: Size, stored: Size }),
  /** Whose private keys open it. */
  recipients: z.array(z.string()).min(2),
  /** The public key that signed it, `ed25519:…`. It says whom to look for, and is believed only when it is pinned. */
  signer: z.string(),
  source: DumpFacts,
  /** The version of Evenkeel that made it. */
  madeBy: z.string(),
});
export type BackupManifest = z.output<typeof BackupManifest>;

/** The bytes of `manifest.json`: the same for the same facts. */
export function manifestText(manifest: BackupManifest): string {
  // Parsing puts the keys in the order of the schema, and refuses what a reader would refuse.
  const text = `${JSON.stringify(BackupManifest.parse(manifest), null, 2)}\n`;
  assertReadable(Buffer.byteLength(text));
  return text;
}

/**
 * Reads `manifest.json`, which anybody may have written: check its signature before you do what it says. Throws
 * `BACKUP_MANIFEST_INVALID`, and `BACKUP_FORMAT_UNKNOWN` when a newer Evenkeel wrote it.
 */
export function parseManifest(bytes: Uint8Array): BackupManifest {
  assertReadable(bytes.length);
  const content = parseJson(bytes);
  const format = FormatOnly.safeParse(content).data?.format;
  if (format !== undefined && format !== FORMAT && format.startsWith(FAMILY)) {
    throw errors.BACKUP_FORMAT_UNKNOWN({ format, known: FORMAT });
  }
  const parsed = BackupManifest.safeParse(content);
  if (parsed.success) return parsed.data;
  throw errors.BACKUP_MANIFEST_INVALID({ problem: problemOf(parsed.error) });
}

function assertReadable(bytes: number): void {
  if (bytes <= MANIFEST_BYTES_MAX) return;
  throw errors.BACKUP_MANIFEST_INVALID({ problem: `it is longer than ${MANIFEST_BYTES_MAX} bytes` });
}

const FAMILY = 'evenkeel-backup/';
const FormatOnly = z.object({ format: z.string().max(100) });

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw errors.BACKUP_MANIFEST_INVALID({ problem: 'it is not JSON, or it was cut off' }, { cause });
  }
}

/** Only the first: one place to look at is enough, and what a stranger wrote is not repeated. */
function problemOf({ issues: [first] }: z.ZodError): string {
  if (first === undefined) return 'it is not what was expected';
  return `${first.path.join('.') || 'the whole'}: ${first.message}`;
}
