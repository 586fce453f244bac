import * as z from 'zod';
import { MINUTE_MS } from '../../kernel/clock.ts';
import type { LogPiece, LogPlace } from '../../kernel/host.ts';
import { type Check, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { downBecause } from '../protocols/failure.ts';
import { countLines, type LineCounts } from '../protocols/log-lines.ts';
import { pattern } from '../protocols/pattern.ts';

const BYTES_MAX = 8 * 1024 * 1024;
/** Between two of these others get their turn. */
const TURN_BYTES = 512 * 1024;
const NEWLINE = 0x0a;

const LogSettings = z.strictObject({
  log: z.string().min(1).max(1_000).describe('The file, from the folder of the manifest, e.g. "./logs/api.log".'),
  error: pattern()
    .default(/\b(?:ERROR|FATAL|CRITICAL|PANIC)\b/)
    .describe(
      'What makes a line an error that is not JSON with a `level` or a `severity`: a regular expression, looked for in ' +
        'the first 1,024 characters. Default "\\b(?:ERROR|FATAL|CRITICAL|PANIC)\\b".',
    ),
  min_lines: z
    .int()
    .min(1)
    .max(1_000_000)
    .default(20)
    .describe('Of fewer new lines than this no error rate is made: one error of two lines is no 50 %. Default 20.'),
});
type LogSettings = z.output<typeof LogSettings>;

/** Up whenever the file can be read; thresholds on the readings say what is too much. */
export const log = defineMonitor({
  type: 'log',
  summary: 'Counts errors among the lines that were written into a log since the last look.',
  example: 'api-log: { log: ./logs/api.log, min_lines: 50 }',
  testedAgainst: 'pino 10, plain text, logrotate’s ways to rotate',
  isLocal: true,
  settings: LogSettings,
  target: ({ log: file }) => file,
  remember: follow,
});

interface Look {
  readonly place: LogPlace;
  readonly at: number;
}

function follow(settings: LogSettings): Check {
  let before: Look | undefined;
  return async (io) => {
    const at = io.clock.ticks();
    try {
      const piece = await io.host.readLog(settings.log, before?.place, BYTES_MAX);
      if ('problem' in piece) return { state: 'down', reason: explain(settings.log, piece.problem) };
      const readings = before === undefined ? undefined : await readingsOf(piece, at - before.at, settings, io);
      before = { place: piece.place, at };
      return { state: 'up', ...(readings !== undefined && { readings }) };
    } catch (error) {
      return downBecause(error, io, settings.log);
    }
  };
}

type Piece = Extract<LogPiece, { place: LogPlace }>;

async function readingsOf({ bytes, skippedBytes }: Piece, elapsedMs: number, settings: LogSettings, io: ProbeIo) {
  const { lines, errors } = await countInTurns(bytes, settings.error, io);
  return {
    ...(lines >= settings.min_lines && { error_rate: errors / lines }),
    // Where lines were skipped there were at least so many.
    ...(elapsedMs > 0 && { errors_per_minute: errors / (elapsedMs / MINUTE_MS) }),
    skipped_bytes: skippedBytes,
  };
}

async function countInTurns(bytes: Uint8Array, isError: RegExp, io: ProbeIo): Promise<LineCounts> {
  let sum = { lines: 0, errors: 0 };
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, Math.min(start + TURN_BYTES, bytes.length - 1));
    const end = newline === -1 ? bytes.length : newline + 1;
    const { lines, errors } = countLines(bytes.subarray(start, end), isError);
    sum = { lines: sum.lines + lines, errors: sum.errors + errors };
    start = end;
    if (start < bytes.length) await io.clock.sleep(1, io.signal);
  }
  return sum;
}

function explain(file: string, problem: string): string {
  if (problem === 'missing') return `${file} does not exist.`;
  if (problem === 'link') return `${file} is a symbolic link, and those are not followed: name the file itself.`;
  if (problem === 'not a file') return `${file} is not a file.`;
  return `${file} cannot be read (${problem}).`;
}
