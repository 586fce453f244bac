/**
 * Time as a dependency. Reading the ambient clock anywhere but in `platform/` is a lint error
 * (`evenkeel/no-ambient`), so every rule about time can be tested without waiting for it.
 */
export interface Clock {
  /** Wall time in epoch milliseconds: for anything stored or shown. */
  now(): number;
  /** Monotonic milliseconds with a fraction: for measuring durations, never stored. */
  ticks(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls once after `ms`; what it returns calls that off. The cheap way to wait, for what is done a thousand times. */
  after(ms: number, call: () => void): () => void;
  /** A signal that aborts with a `TimeoutError` after `ms`. */
  timeout(ms: number): AbortSignal;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
