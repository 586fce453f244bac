import type { Notice } from '../../contracts/outbound.ts';
import { shortened } from '../notice-text.ts';

/** Standard Webhooks ask for less than 20 kB: with more, gateways on the way begin to refuse. */
const BODY_BYTES_MAX = 20_000;
const TITLE_CHARS_MAX = 500;
const PARAGRAPH_CHARS_MAX = 2_000;
const CUT_NOTE = 'The rest was left out: this message is too long for a webhook.';

/** The body of a webhook: `type`, `timestamp` (when it happened) and `data`. */
export function webhookBody(notice: Notice): string {
  const whole = serialized(notice);
  if (fits(whole)) return whole;
  const kept = roomiest({ ...notice, title: shortened(notice.title, TITLE_CHARS_MAX) });
  const text = notice.text.map((paragraph) => shortened(paragraph, PARAGRAPH_CHARS_MAX));
  const bodies = text.map((_paragraph, index) => withSentences(kept, text.slice(0, index + 1)));
  return bodies.findLast(fits) ?? withSentences(kept, []);
}

/** Sentences are for people and go first; what programs read stays as long as there is any room for it. */
function roomiest(notice: Notice): Notice {
  const withoutFacts = { ...notice, facts: [], links: [] };
  const fitting = [notice, withoutFacts].find((candidate) => fits(withSentences(candidate, [])));
  return fitting ?? { ...withoutFacts, data: {} };
}

function withSentences(notice: Notice, text: readonly string[]): string {
  return serialized({ ...notice, text: [...text, CUT_NOTE] });
}

function serialized({ app, type, at, data, title, text, severity, facts, links }: Notice): string {
  const timestamp = Temporal.Instant.fromEpochMilliseconds(at).toString();
  return JSON.stringify({ type, timestamp, data: { ...data, app, title, text, severity, facts, links } });
}

function fits(body: string): boolean {
  return Buffer.byteLength(body) < BODY_BYTES_MAX;
}
