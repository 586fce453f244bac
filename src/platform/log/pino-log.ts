import { pino } from 'pino';
import type { Log, LogData, LogLevel } from '../../kernel/log.ts';
import { textLine } from './text-line.ts';

export interface LogOptions {
  readonly level: LogLevel;
  /** `json` for machines: one object a line; `text` for the person in front of the terminal. */
  readonly format: 'json' | 'text';
  readonly write: (line: string) => void;
}

export function createLog({ level, format, write }: LogOptions): Log {
  const destination = { write: format === 'json' ? write : (line: string) => write(textLine(line)) };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: pino.stdSerializers.errWithCause },
    },
    destination,
  );
  return wrap(logger);
}

function wrap(logger: pino.Logger): Log {
  const at =
    (level: LogLevel) =>
    (message: string, data: LogData = {}) =>
      logger[level](data, message);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => wrap(logger.child(fields)),
  };
}
