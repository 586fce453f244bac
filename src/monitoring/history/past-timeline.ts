import { type Change, stretchesOf } from './availability.ts';
import { TIERS } from './rollup-store.ts';

/** What checks of an hour or a day said that were made elsewhere, before we watched. Times are epoch milliseconds. */
export interface PastSpan {
  /** The start of an hour, or of a day in UTC. */
  readonly at: number;
  readonly length: 'hour' | 'day';
  readonly up: number;
  readonly down: number;
  /** Of checks that were up; null when nothing was measured. */
  readonly latency: { readonly averageMs: number; readonly minMs: number; readonly maxMs: number } | null;
  /** When within it it was down, as far as that is known: ascending, without overlaps. */
  readonly outages: readonly { readonly from: number; readonly to: number }[];
}

export function endOf({ at, length }: Pick<PastSpan, 'at' | 'length'>): number {
  return at + TIERS[length];
}

interface Piece extends Change {
  readonly to: number;
}

/**
 * The states of a monitor before `until`, with what is known of more of that time. The share of a span that it was down
 * is the share of its checks that failed; when that was is what is known of its outages. Nothing is said of what lies
 * between spans.
 */
export function timelineWith(known: readonly Change[], { spans, until, origin }: Added): readonly Change[] {
  const reason = `Checks failed, by the count of ${origin}.`;
  const before = stretchesOf(known, { from: 0, to: until }).filter(({ state }) => state !== 'unknown');
  const old = before.map(({ from, to, ...rest }): Piece => ({ ...rest, at: from, to }));
  const pieces = [...old, ...spans.flatMap((span) => piecesOf(span, reason))];
  const changes: Change[] = [];
  let end = 0;
  for (const { to, ...change } of pieces.toSorted((one, other) => one.at - other.at)) {
    if (changes.length > 0 && end < change.at) changes.push({ at: end, state: 'unknown', reason: null });
    const now = changes.at(-1);
    if (now?.state !== change.state || now.reason !== change.reason) changes.push(change);
    end = to;
  }
  return changes.length === 0 ? [] : [...changes, { at: end, state: 'unknown', reason: null }];
}

export interface Added {
  /** Ascending; none of them overlaps what is known. */
  readonly spans: readonly PastSpan[];
  /** From then on we watched by ourselves, epoch milliseconds. */
  readonly until: number;
  /** Who counted. */
  readonly origin: string;
}

function piecesOf(span: PastSpan, reason: string): readonly Piece[] {
  const end = endOf(span);
  const pieces: Piece[] = [];
  let at = span.at;
  for (const { from, to } of downTimes(span)) {
    if (from > at) pieces.push({ at, to: from, state: 'up', reason: null });
    if (to > from) pieces.push({ at: from, to, state: 'down', reason });
    at = Math.max(at, to);
  }
  if (at < end) pieces.push({ at, to: end, state: 'up', reason: null });
  return pieces;
}

type Time = PastSpan['outages'][number];

/** As long as the count of failed checks says; the outages are made shorter or longer for it. */
function downTimes(span: PastSpan): readonly Time[] {
  const end = endOf(span);
  const downMs = Math.round(((end - span.at) * span.down) / (span.up + span.down));
  const seen = span.outages.map(({ from, to }) => ({ from: Math.max(from, span.at), to: Math.min(to, end) }));
  const outages = seen.filter(({ from, to }) => from < to);
  const seenMs = outages.reduce((sum, { from, to }) => sum + to - from, 0);
  if (seenMs < downMs || seenMs === 0) {
    const from = Math.min(outages[0]?.from ?? span.at, end - downMs);
    return downMs === 0 ? [] : [{ from, to: from + downMs }];
  }
  return shortened(outages, downMs / seenMs, downMs);
}

function shortened(outages: readonly Time[], share: number, wholeMs: number): readonly Time[] {
  let left = wholeMs;
  return outages.map(({ from, to }, index) => {
    const isLast = index === outages.length - 1;
    const ms = Math.min(isLast ? left : Math.round((to - from) * share), left);
    left -= ms;
    return { from, to: from + ms };
  });
}
