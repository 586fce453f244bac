import type * as z from 'zod';
import type { Tx } from './database.ts';

/**
 * Work that takes longer than a request and must not be forgotten: backups, drills, reports, pruning.
 * Checks and deliveries are not jobs; they have queues made for them.
 */
export interface JobDefinition<Payload extends z.ZodType = z.ZodType> {
  /** Names the queue, e.g. `history-prune`. */
  readonly name: string;
  readonly payload: Payload;
  /** The signal aborts after this long, and the attempt counts as failed. */
  readonly timeoutMs: number;
  /** How often it is tried in all; between tries `retryDelayMs` doubles each time. */
  readonly attemptsMax: number;
  readonly retryDelayMs: number;
  /** Runs again and again on this cron expression (UTC); such a job takes an empty payload. */
  readonly cron?: string;
  /**
   * May run twice after a crash, never at the same time as long as it ends when its signal aborts; so it must heed the
   * signal, and be safe to repeat.
   */
  handle(payload: z.output<Payload>, run: JobRun): Promise<void>;
}

export interface JobRun {
  readonly id: string;
  /** 1 on the first try. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}

export interface EnqueueOptions {
  /** Not before this instant, epoch milliseconds. */
  readonly runAt?: number;
  /** A second job of the same name and key is not added while the first is waiting or running. */
  readonly key?: string;
}

/** The command half: a job is enqueued in the transaction of its cause. False when the key was taken. */
export interface Jobs {
  enqueue<Payload extends z.ZodType>(
    tx: Tx,
    job: JobDefinition<Payload>,
    payload: z.input<Payload>,
    options?: EnqueueOptions,
  ): Promise<boolean>;
}
