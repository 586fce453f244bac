/** Least important first. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Structured logging. Messages are static sentences; what varies goes into `data`, where it can be searched.
 * `warn` means somebody should look this week, `error` means now: a healthy day has none.
 */
export interface Log {
  debug(message: string, data?: LogData): void;
  info(message: string, data?: LogData): void;
  warn(message: string, data?: LogData): void;
  error(message: string, data?: LogData): void;
  /** The same log with a few fields on every line, e.g. `{ area: 'monitoring' }`. */
  with(fields: LogData): Log;
}

/** Secrets print as their names here too; an `Error` under the key `error` is written with its stack and causes. */
export type LogData = Readonly<Record<string, unknown>>;
