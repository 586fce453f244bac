import { EvenkeelError, REPORTED_AS } from '../../kernel/errors.ts';
import type { BackupRunError } from '../backups.ts';
import { errors } from '../errors.ts';

/** What may be stored and shown of it. A defect says nothing of itself: its words may carry anything. */
export function runErrorOf(thrown: unknown, run: string): BackupRunError {
  const { kind, code, message, hint } = thrown instanceof EvenkeelError ? thrown : errors.BACKUP_RUN_DEFECT({ run });
  return { kind, code, message, hint };
}

/** Whether it may go better by itself a few minutes later. */
export function isWorthRetrying({ kind }: BackupRunError): boolean {
  return REPORTED_AS[kind].retryable || kind === 'defect';
}
