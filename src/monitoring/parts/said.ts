import type { Part } from '../monitor-type.ts';

/** An object of JSON; empty for everything else. Only what it says itself: nothing of it is inherited. */
export function objectOf(value: unknown): ReadonlyMap<string, unknown> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return new Map(isObject ? Object.entries(value) : []);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The state that a word means; upper and lower case are one. Undefined for a word that is not among them. */
export function stateOfWord(word: unknown, words: Readonly<Record<string, Part['state']>>): Part['state'] | undefined {
  if (typeof word !== 'string') return undefined;
  const key = word.trim().toLowerCase();
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

/** Under these a program says in a few words what is wrong. Everything else may be an address or a password. */
const TELLING = ['output', 'message', 'error', 'reason', 'description', 'exception'];

export function detailIn(said: ReadonlyMap<string, unknown>): string | undefined {
  for (const key of TELLING) {
    const value = said.get(key);
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return undefined;
}
