import type { Log, LogData } from '../../src/kernel/log.ts';

/** For tests that are not about what is logged. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silentLog,
};

export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly data: LogData;
}

/** Keeps every line, for tests that are. */
export function recordingLog(): Log & { readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const at =
    (level: LoggedLine['level'], fields: LogData) =>
    (message: string, data: LogData = {}) =>
      void lines.push({ level, message, data: { ...fields, ...data } });
  const create = (fields: LogData): Log => ({
    debug: at('debug', fields),
    info: at('info', fields),
    warn: at('warn', fields),
    error: at('error', fields),
    with: (more) => create({ ...fields, ...more }),
  });
  return { ...create({}), lines };
}
