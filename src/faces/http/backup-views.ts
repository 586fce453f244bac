import type { BackupNow, BackupRun } from '../../backups/index.ts';
import type { BackupSourceNow } from '../../contracts/facts.ts';
import type { ErrorKind } from '../../kernel/errors.ts';
import type { BackupRunView, BackupSourceView, BackupView, ProofView } from './contract.ts';
import { ERROR_KINDS } from './error-kinds.ts';
import { isoOf, isoOrNull } from './views.ts';

export function backupView(backup: BackupNow): BackupView {
  return {
    id: backup.id,
    service: backup.service,
    engine: backup.engine,
    takenAt: isoOf(backup.takenAt),
    tookMs: backup.tookMs,
    bytes: backup.bytes,
    plainBytes: backup.plainBytes,
    vaults: backup.vaults,
    level: backup.level,
    provenAt: isoOrNull(backup.provenAt),
  };
}

export function backupSourceView(source: BackupSourceNow): BackupSourceView {
  const { service, engine, holds, lastBackup, lastProof, level, nextAt, lastFailure, underWay } = source;
  return {
    service,
    engine,
    holds,
    lastBackup: lastBackup && { id: lastBackup.id, takenAt: isoOf(lastBackup.takenAt), bytes: lastBackup.bytes },
    lastProof: lastProof && proofView(lastProof),
    level,
    nextAt: isoOrNull(nextAt),
    lastFailure: lastFailure && { at: isoOf(lastFailure.at), code: lastFailure.code, reason: lastFailure.reason },
    underWay: underWay && { ...underWay, startedAt: isoOf(underWay.startedAt) },
  };
}

function proofView(proof: NonNullable<BackupSourceNow['lastProof']>): ProofView {
  const { backup, at, takenAt, tookMs, tables, rows, assertions } = proof;
  return { backup, at: isoOf(at), takenAt: isoOf(takenAt), tookMs, tables, rows, assertions };
}

export function backupRunView(run: BackupRun): BackupRunView {
  const { error } = run;
  return {
    id: run.id,
    kind: run.kind,
    service: run.service,
    backup: run.backup,
    state: run.state,
    phase: run.phase,
    bytes: run.bytes,
    queuedAt: isoOf(run.queuedAt),
    startedAt: isoOrNull(run.startedAt),
    endedAt: isoOrNull(run.endedAt),
    findings: run.findings,
    error: error && { kind: kindOf(error), code: error.code, message: error.message, hint: error.hint },
  };
}

/** An error that does not say what kind it is counts as one that may pass. */
function kindOf(error: object): ErrorKind {
  const kind = 'kind' in error ? error.kind : undefined;
  return ERROR_KINDS.find((each) => each === kind) ?? 'unavailable';
}
