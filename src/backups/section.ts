import * as z from 'zod';
import type { ManifestSection } from '../contracts/manifest-section.ts';
import { DAY_MS, HOUR_MS } from '../kernel/clock.ts';
import { duration } from '../kernel/duration.ts';
import { timeOfDay, timeZone } from '../kernel/times.ts';

const S3Address = z
  .string()
  .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]+(?:\/.*)?$/, 'Expected a bucket such as s3://backups, or s3://backups/shop.');

const Folder = z
  .string()
  .regex(/^(?:\.{0,2}\/|[^:]+$)/, 'Expected a folder such as ./backups, or `{ s3: "s3://bucket" }`.')
  .describe('A folder on this machine, e.g. ./backups.');

const Bucket = z.strictObject({
  s3: S3Address.describe('The bucket and, if wanted, a folder in it.'),
  object_lock: duration({ minMs: DAY_MS })
    .optional()
    .describe('For how long nobody can delete a backup, not even with the credentials of this server.'),
});

const PROOFS = ['daily', 'weekly', 'monthly'] as const;

const Schedule = z.strictObject({
  at: timeOfDay().optional().describe('The time of day, e.g. "02:00".'),
  zone: timeZone().optional().describe('The time zone of `at`. Default UTC.'),
  every: duration({ minMs: HOUR_MS / 4, maxMs: 31 * DAY_MS })
    .optional()
    .describe('The time between two backups, instead of a time of day.'),
  prove: z.enum(PROOFS).default('weekly').describe('How often a backup is restored to prove that it works.'),
  assert: z
    .array(z.string().min(1))
    .optional()
    .describe('Queries that must answer true in the restored database, e.g. "select count(*) > 0 from orders".'),
  vault: z.string().optional().describe('The vault it goes to. Default: all of them.'),
});

const Backup = z
  .union([
    z.boolean(),
    Schedule.refine(({ at, every }) => at === undefined || every === undefined, {
      path: ['every'],
      message: 'Expected either `at`, a time of day, or `every`, an interval.',
    }),
  ])
  .describe('When and how this service is backed up; `true` takes the defaults: nightly, proven weekly.');

const Recipient = z.string().startsWith('age1', 'Expected the public key of an age identity; it starts with age1.');
const Signer = z.string().startsWith('ed25519', 'Expected a public signing key; it starts with ed25519.');

/** Where backups go and who can open them. Read and checked by this version; no backup is made yet. */
export const backupsSection = {
  topLevel: {
    vaults: z
      .record(z.string(), z.union([Folder, Bucket]))
      .optional()
      .describe('Where backups are kept, by name: a folder, or `{ s3: … }`.'),
    keys: z
      .strictObject({
        recipients: z
          .array(Recipient)
          .min(1, 'Expected at least one key.')
          .describe('Public age keys. Whoever holds a private one of these can open the backups.'),
        signers: z.array(Signer).optional().describe('Public keys whose signatures on backups are believed.'),
      })
      .optional()
      .describe('The public keys backups are encrypted for. Private keys never stand in this file.'),
  },
  service: {
    backup: Backup.optional(),
    holds: z
      .array(z.string().min(1))
      .optional()
      .describe('What data this service holds, in words of your trade, e.g. [users, orders].'),
  },
  actsLater: ['vaults', 'keys', 'services.*.backup', 'services.*.holds'],
} satisfies ManifestSection<z.ZodRawShape, z.ZodRawShape>;
