import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import type { Language } from './language.ts';

/** The languages of the public pages. A new one is its file and its place in this list. */
export const LANGUAGES: readonly Language[] = [en, de, ar];

export function languageOf(tag: string): Language {
  return LANGUAGES.find((language) => language.tag === tag) ?? en;
}
