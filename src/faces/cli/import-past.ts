import { SECOND_MS } from '../../kernel/clock.ts';
import { EvenkeelError } from '../../kernel/errors.ts';
import type { PastAddedView, PastInput } from '../http/contract.ts';
import { amount } from './amount.ts';
import type { CliContext } from './context.ts';
import type { ImportReport, ImportWish, PastOfMonitor } from './offline-import.ts';
import { bold, good, line, warning } from './styled.ts';

/** As many as the server takes at once. */
const SPANS_AT_ONCE = 500;
/** How long it was down is told by the counts; when, by no more of them than the server takes. */
const OUTAGES_MAX = 100;
const PAUSE_MS = 15 * SECOND_MS;
const ATTEMPTS_MAX = 8;

export interface PastSent {
  readonly monitors: number;
  /** Hours and days that were not known before. */
  readonly added: number;
  /** Those that were there already, or that the server watched by itself. */
  readonly known: number;
  /** Monitors the server does not know. */
  readonly unknown: readonly string[];
}

/** Hands the past to the running server. Null when none answers: then it says what to do later. */
export async function sendPast(
  wish: Pick<ImportWish, 'source' | 'where'>,
  { title }: ImportReport,
  { api, clock, offline, note }: CliContext,
): Promise<PastSent | null> {
  const sent = { monitors: 0, added: 0, known: 0, unknown: new Array<string>() };
  try {
    // What was just written is known to the server before its past comes.
    await api.call('POST /api/v1/manifest/reload', {});
    for await (const past of offline.importedPast(wish)) {
      const counts = await sendOne(past, title, { api, clock });
      if (counts === undefined) sent.unknown.push(past.monitor);
      else {
        sent.monitors += 1;
        sent.added += counts.added;
        sent.known += counts.known;
      }
    }
  } catch (error) {
    if (!(error instanceof EvenkeelError) || error.kind !== 'unavailable') throw error;
    note(line`${warning('!')} The past was not carried over: ${error.message}`);
    note(line`  Once the server runs: ${bold(`evenkeel import ${wish.source} ${wish.where} --history`)}`);
    return null;
  }
  const known = sent.known === 0 ? '' : `; ${sent.known} were known already`;
  note(
    line`${good('✓')} The past of ${amount(sent.monitors, 'monitor')} in ${title}: ${sent.added} hours and days added${known}.`,
  );
  if (sent.unknown.length > 0) note(line`${warning('!')} The server does not watch ${sent.unknown.join(', ')}.`);
  return sent;
}

type Server = Pick<CliContext, 'api' | 'clock'>;

async function sendOne(
  { monitor, spans }: PastOfMonitor,
  origin: string,
  server: Server,
): Promise<{ readonly added: number; readonly known: number } | undefined> {
  const counts = { added: 0, known: 0 };
  for (let start = 0; start < spans.length; start += SPANS_AT_ONCE) {
    const some = spans.slice(start, start + SPANS_AT_ONCE);
    const sent = await patiently(server, { name: monitor, origin, spans: some.map(spanOf) });
    if (sent === undefined) return undefined;
    counts.added += sent.added;
    counts.known += sent.known;
  }
  return counts;
}

/** Undefined for a monitor that the server does not know. From elsewhere only so many requests a minute are taken. */
async function patiently({ api, clock }: Server, past: PastInput): Promise<PastAddedView | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await api.call('POST /api/v1/monitors/:name/past', past);
    } catch (error) {
      if (!(error instanceof EvenkeelError)) throw error;
      if (error.kind === 'not_found') return undefined;
      if (error.kind !== 'too_many' || attempt === ATTEMPTS_MAX) throw error;
      await clock.sleep(PAUSE_MS);
    }
  }
}

function spanOf({ at, outages, ...span }: PastOfMonitor['spans'][number]): PastInput['spans'][number] {
  const apart = outages.map(({ from, to }) => ({ from: isoOf(from), to: isoOf(to) }));
  return { ...span, at: isoOf(at), outages: apart.slice(0, OUTAGES_MAX) };
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}
