import type { MessageValues } from '../kernel/messages.ts';
import type { Formats } from './formats.ts';
import type { TextKey } from './languages/language.ts';

/** One language, ready to speak: its texts, and how it writes dates and numbers. */
export interface Voice {
  readonly formats: Formats;
  readonly text: (key: TextKey, values?: MessageValues) => string;
}
