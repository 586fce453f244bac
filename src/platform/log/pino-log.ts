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
      serializers: { error: errorFields },
    },
    destination,
  );
  return wrap(logger);
}

const CAUSES_MAX = 5;

const ERROR_FIELDS = ['name', 'message', 'code', 'stack'] as const;

/**
 * What a reader needs of an error and nothing else of it: database drivers hang whole connections on theirs, with
 * addresses, keys and the values of the query. Some libraries throw things that only look like an error.
 */
function errorFields(error: unknown, depth = 0): unknown {
  if (typeof error !== 'object' || error === null) return String(error);
  const told = ERROR_FIELDS.flatMap((field) => (field in error ? [[field, String(Reflect.get(error, field))]] : []));
  const within = (inner: unknown) => errorFields(inner, depth + 1);
  const isShallow = depth < CAUSES_MAX;
  return {
    ...Object.fromEntries(told),
    ...(isShallow && 'cause' in error && { cause: within(error.cause) }),
    ...(isShallow && error instanceof AggregateError && { errors: error.errors.slice(0, CAUSES_MAX).map(within) }),
  };
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
