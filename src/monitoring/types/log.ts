import * as z from 'zod';
import { MINUTE_MS } from '../../kernel/clock.ts';
import type { LogPlace } from '../../kernel/host.ts';
import { type Check, defineMonitor, type ProbeIo } from '../monitor-type.ts';
import { beforeDeadline } from '../protocols/before-deadline.ts';
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
    .describe('An error rate is made as soon as so many lines have come together since the last. Default 20.'),
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
  /** What was counted since there were last enough lines for a rate. */
  readonly uncounted: LineCounts;
}

const NONE: LineCounts = { lines: 0, errors: 0 };

function follow(settings: LogSettings): Check {
  let before: Look | undefined;
  return async (io) => {
    const at = io.clock.ticks();
    try {
      const piece = await beforeDeadline(io.host.readLog(settings.log, before?.place, BYTES_MAX), io.signal);
      if ('problem' in piece) return { state: 'down', reason: explain(settings.log, piece.problem) };
      const { place, bytes, skippedBytes } = piece;
      if (before === undefined) {
        before = { place, at, uncounted: NONE };
        return { state: 'up' };
      }
      const fresh = await countInTurns(bytes, settings.error, io);
      const gathered = sumOf(before.uncounted, fresh);
      const isEnough = gathered.lines >= settings.min_lines;
      const minutes = (at - before.at) / MINUTE_MS;
      before = { place, at, uncounted: isEnough ? NONE : gathered };
      const readings = {
        ...(isEnough && { error_rate: gathered.errors / gathered.lines }),
        // Where lines were skipped there were at least so many.
        ...(minutes > 0 && { errors_per_minute: fresh.errors / minutes }),
        skipped_bytes: skippedBytes,
      };
      return { state: 'up', readings };
    } catch (error) {
      return downBecause(error, io, settings.log);
    }
  };
}

function sumOf(one: LineCounts, other: LineCounts): LineCounts {
  return { lines: one.lines + other.lines, errors: one.errors + other.errors };
}

async function countInTurns(bytes: Uint8Array, isError: RegExp, io: ProbeIo): Promise<LineCounts> {
  let sum = NONE;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, Math.min(start + TURN_BYTES, bytes.length - 1));
    const end = newline === -1 ? bytes.length : newline + 1;
    sum = sumOf(sum, countLines(bytes.subarray(start, end), isError));
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
