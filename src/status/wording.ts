import type { State } from '../contracts/state.ts';
import { createMessages } from '../kernel/messages.ts';
import type { AffectedDay, Uptime } from './component-history.ts';
import { createFormats, type Formats } from './formats.ts';
import { historyWording } from './history-wording.ts';
import { languageOf } from './languages/index.ts';
import type { Overall } from './overall.ts';
import { overallWording } from './overall-wording.ts';
import type { PastEvent } from './past-events.ts';
import type { PublicReadiness } from './readiness.ts';
import { type ReadinessCard, readinessWording } from './readiness-wording.ts';
import type { PublicComponent, PublicView } from './view.ts';
import type { Voice } from './voice.ts';

/** What we say about a view in one language. Everything that speaks to the public takes its words from here. */
export interface Wording extends Voice {
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  title(view: PublicView): string;
  state(state: State): string;
  /** The overall state: one sentence, then what a visitor wants to know next. */
  now(overall: Overall): { readonly sentence: string; readonly details: readonly string[] };
  past(event: PastEvent): string;
  /** `99.98%`; null when nothing was measured. */
  percent(uptime: Uptime): string | null;
  /** How much of the time the percentage is about; null when it is all of it. */
  coverage(uptime: Uptime): string | null;
  /** The bars in a sentence or two, for those who do not see them. */
  bars(component: PublicComponent, days: number): string;
  affectedDay(day: AffectedDay): string;
  /** What is known of how ready we are, as it is at `now`; empty when nothing is. */
  readiness(readiness: PublicReadiness, now: number): readonly ReadinessCard[];
}

const wordings = new Map<string, Wording>();

/** Built once per language: compiling messages and formats costs more than using them. */
export function wordingOf(tag: string): Wording {
  const language = languageOf(tag);
  const known = wordings.get(language.tag);
  if (known !== undefined) return known;

  const messages = createMessages(language.locale, language.texts);
  const formats: Formats = createFormats(language.locale);
  const voice: Voice = { formats, text: (key, values) => messages.text(key, values) };
  const wording: Wording = {
    ...voice,
    ...overallWording(voice),
    ...historyWording(voice),
    ...readinessWording(voice),
    tag: language.tag,
    direction: messages.direction,
    title: ({ title, app }) => title ?? voice.text('brand', { app }),
    state: (state) => voice.text(`state.${state}`),
  };
  wordings.set(language.tag, wording);
  return wording;
}
