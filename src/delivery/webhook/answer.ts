import { type Clock, DAY_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { HttpResponse } from '../../kernel/net.ts';
import type { SendResult } from '../channel.ts';

/** Client errors that say "not now": a timeout, too early, too many requests. */
const TEMPORARY = new Set([408, 425, 429]);
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** What an answer that is no success means: it will never work like this, or it may work later. */
export function notTaken({ status, headers }: HttpResponse, detail: string, clock: Clock): SendResult {
  if (status >= 400 && status < 500 && !TEMPORARY.has(status)) return { outcome: 'refused', detail };
  const retryAfterMs = patienceAsked(headers['retry-after'], clock);
  return { outcome: 'failed', detail, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** `Retry-After` as RFC 9110 §10.2.3 allows it: seconds, or a date. Nobody is given more than a day. */
function patienceAsked(header: string | undefined, clock: Clock): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * SECOND_MS : untilDate(header, clock);
  return ms === undefined ? undefined : Math.min(Math.max(ms, 0), DAY_MS);
}

function untilDate(header: string, clock: Clock): number | undefined {
  const at = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? undefined : at - clock.now();
}
