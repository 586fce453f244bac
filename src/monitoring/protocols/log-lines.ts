/** What stands in a piece of a log. */
export interface LineCounts {
  readonly lines: number;
  readonly errors: number;
}

/** A text line says what it is at its beginning. */
const TEXT_CHARS_MAX = 1_024;
/** Beyond this a line is not parsed any more, only looked at like text. */
const JSON_CHARS_MAX = 64 * 1_024;
const NEWLINE = 0x0a;
/** Of pino and bunyan: 50 is error, 60 fatal. */
const ERROR_NUMBER = 50;
const ERROR_WORDS: ReadonlySet<string> = new Set([
  'error',
  'err',
  'severe',
  'critical',
  'crit',
  'alert',
  'emergency',
  'emerg',
  'fatal',
  'panic',
]);

/** Counts whole lines. A line of JSON is what its level says; `isError` decides about every other one. */
export function countLines(bytes: Uint8Array, isError: RegExp): LineCounts {
  const decoder = new TextDecoder();
  let lines = 0;
  let errors = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    const line = decoder.decode(bytes.subarray(start, Math.min(end, start + JSON_CHARS_MAX))).trim();
    if (line !== '') {
      lines += 1;
      if (levelSaysError(line) ?? isError.test(line.slice(0, TEXT_CHARS_MAX))) errors += 1;
    }
    start = end + 1;
  }
  return { lines, errors };
}

/** Undefined when the line has no level. */
function levelSaysError(line: string): boolean | undefined {
  if (!line.startsWith('{')) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const level: unknown = Reflect.get(parsed, 'level') ?? Reflect.get(parsed, 'severity');
  if (typeof level === 'number') return level >= ERROR_NUMBER;
  return typeof level === 'string' ? ERROR_WORDS.has(level.toLowerCase()) : undefined;
}
