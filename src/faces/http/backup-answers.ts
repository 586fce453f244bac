import * as z from 'zod';
import { PROOF_LEVELS } from '../../contracts/facts.ts';
import type * as contract from './backup-contract.ts';
import { ERROR_KINDS } from './error-kinds.ts';

/** The contract about backups once more, as schemas; see `answers.ts`. */
type Schema<View> = z.ZodType<View>;

const Instant = z.iso.datetime();
const Level = z.enum(PROOF_LEVELS);
const Kind = z.enum(['backup', 'verify', 'prove', 'restore']);
const Count = z.int().min(0);

const BackupView: Schema<contract.BackupView> = z
  .strictObject({
    id: z.string(),
    service: z.string(),
    engine: z.string(),
    takenAt: Instant,
    tookMs: z.number(),
    bytes: Count,
    plainBytes: Count,
    vaults: z.array(z.string()),
    level: Level,
    provenAt: Instant.nullable(),
  })
  .meta({ id: 'BackupView' });

export const BackupListView: Schema<contract.BackupListView> = z
  .strictObject({ backups: z.array(BackupView) })
  .meta({ id: 'BackupListView' });

export const BackupSourceView: Schema<contract.BackupSourceView> = z
  .strictObject({
    service: z.string(),
    engine: z.string(),
    holds: z.array(z.string()),
    lastBackup: z.strictObject({ id: z.string(), takenAt: Instant, bytes: Count }).nullable(),
    lastProof: z
      .strictObject({
        backup: z.string(),
        at: Instant,
        takenAt: Instant,
        tookMs: z.number(),
        tables: Count,
        rows: Count,
        assertions: Count,
      })
      .nullable(),
    level: Level,
    nextAt: Instant.nullable(),
    lastFailure: z.strictObject({ at: Instant, code: z.string(), reason: z.string() }).nullable(),
    underWay: z
      .strictObject({ run: z.string(), kind: Kind, phase: z.string().nullable(), bytes: Count, startedAt: Instant })
      .nullable(),
  })
  .meta({ id: 'BackupSourceView' });

export const BackupSourceListView: Schema<contract.BackupSourceListView> = z
  .strictObject({ sources: z.array(BackupSourceView) })
  .meta({ id: 'BackupSourceListView' });

export const BackupRunView: Schema<contract.BackupRunView> = z
  .strictObject({
    id: z.string(),
    kind: Kind,
    service: z.string(),
    backup: z.string().nullable(),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    phase: z.string().nullable(),
    bytes: Count,
    queuedAt: Instant,
    startedAt: Instant.nullable(),
    endedAt: Instant.nullable(),
    findings: z.array(z.string()),
    error: z
      .strictObject({ kind: z.enum(ERROR_KINDS), code: z.string(), message: z.string(), hint: z.string() })
      .nullable(),
  })
  .meta({ id: 'BackupRunView' });

export const BackupRequestedView: Schema<contract.BackupRequestedView> = z
  .strictObject({
    isDryRun: z.boolean(),
    source: BackupSourceView.nullable(),
    backup: BackupView.nullable(),
    run: BackupRunView.nullable(),
  })
  .meta({ id: 'BackupRequestedView' });
