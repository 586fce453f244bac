import * as z from 'zod';
import type { ManifestSection } from '../contracts/manifest-section.ts';
import { DAY_MS, HOUR_MS } from '../kernel/clock.ts';
import { duration } from '../kernel/duration.ts';
import { unshown } from '../kernel/secret-text.ts';
import { timeOfDay, timeZone } from '../kernel/times.ts';
import { KEEP_DEFAULTS, type KeepRule, PROOF_FREQUENCIES } from './plan.ts';
import { vaultTypes } from './vaults/index.ts';

const S3Address = z
  .string()
  .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]+(?:\/.*)?$/, 'Expected a bucket such as s3://backups, or s3://backups/shop.');

/** Read and checked; no type of vault acts on it yet. */
const Bucket = z.strictObject({
  s3: S3Address.describe('The bucket and, if wanted, a folder in it.'),
  object_lock: duration({ minMs: DAY_MS })
    .optional()
    .describe('For how long nobody can delete a backup, not even with the credentials of this server.'),
});

const KEPT_MAX = 1_000;

function kept(of: keyof KeepRule, what: string) {
  return z
    .int()
    .min(0)
    .max(KEPT_MAX)
    .default(KEEP_DEFAULTS[of])
    .describe(`Of how many ${what} the last backup is kept. Default ${KEEP_DEFAULTS[of]}.`);
}

const Keep = z
  .strictObject({
    daily: kept('daily', 'days'),
    weekly: kept('weekly', 'weeks'),
    monthly: kept('monthly', 'months'),
    yearly: kept('yearly', 'years'),
  })
  .describe(
    'How many are kept. Whatever stands here, the newest proven one, the newest three and those of the last 48 hours stay.',
  );

const Schedule = z.strictObject({
  at: timeOfDay().optional().describe('The time of day, e.g. "02:00". Default "02:00".'),
  zone: timeZone().optional().describe('The time zone of `at`. Default UTC.'),
  every: duration({ minMs: HOUR_MS / 4, maxMs: 31 * DAY_MS })
    .optional()
    .describe('The time between two backups, instead of a time of day.'),
  prove: z
    .enum(PROOF_FREQUENCIES)
    .default('weekly')
    .describe('How often a backup is restored to prove that it works; `always` is after each one.'),
  assert: z
    .array(z.string().min(1))
    .optional()
    .describe('Queries that must answer true in the restored database, e.g. "select count(*) > 0 from orders".'),
  vault: z.string().optional().describe('The vault it goes to. Default: all of them.'),
  keep: Keep.optional(),
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

/** What a service says of its backup, as it is handed out. */
export type WrittenSchedule = z.output<typeof Schedule>;
export type WrittenBackup = boolean | WrittenSchedule;

const PRIVATE_KEY = /^AGE-SECRET-KEY-/i;
const Recipient = unshown(
  z.string().regex(/^age1/, {
    error: ({ input }) =>
      PRIVATE_KEY.test(String(input))
        ? 'This is a private key: whoever has read this file can open your backups. Make new ones with `evenkeel key create`.'
        : 'Expected the public key of an age identity; it starts with age1.',
  }),
);
const TWO_KEYS = 'Two different keys are needed: one for the server, and one kept elsewhere for the day it is lost.';
const Signer = z.string().startsWith('ed25519', 'Expected a public signing key; it starts with ed25519.');

/** Where backups go and who can open them. */
export const backupsSection = {
  topLevel: {
    vaults: z
      .record(z.string(), z.union([...vaultTypes.all().map(({ entry }) => entry), Bucket]))
      .optional()
      .describe('Where backups are kept, by name: a folder, or `{ s3: … }`.'),
    keys: z
      .strictObject({
        recipients: z
          .array(Recipient)
          .min(2, TWO_KEYS)
          .refine((keys) => new Set(keys).size >= 2, TWO_KEYS)
          .describe('Public age keys, two at least. Whoever holds a private one of these can open the backups.'),
        signers: z
          .array(Signer)
          .optional()
          .describe('Public keys whose signatures on backups are believed. Default: only the key of this server.'),
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
  actsLater: ['vaults.*.s3'],
} satisfies ManifestSection<z.ZodRawShape, z.ZodRawShape>;
