import { isDeepStrictEqual } from 'node:util';
import type { Memory, Remembered } from './memory.ts';
import { ownEntry } from './own-entry.ts';
import type { ImportItem, ImportSection } from './plan.ts';
import type { Variables } from './variables.ts';
import type { Plain } from './written.ts';

/** `there`: as it should be already. `skipped`: left as it is, for a reason. `cannot`: there is nothing like it here. */
export const OUTCOMES = ['created', 'changed', 'there', 'skipped', 'cannot'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface SettledItem extends Pick<ImportItem, 'key' | 'what' | 'title' | 'from' | 'notes'> {
  readonly outcome: Outcome;
  /** Why it was skipped or cannot be; null otherwise. */
  readonly reason: string | null;
  /** Missing for what has no place in the manifest. */
  readonly place?: Place;
}

export interface Place {
  readonly section: ImportSection;
  readonly name: string;
  readonly entry: Plain;
}

/** Names and their entries, by section, as data. */
export type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface Standing {
  /** What the imported file says now. */
  readonly imported: Sections;
  /** What all other files of the manifest say. */
  readonly elsewhere: Sections;
  readonly memory: Memory;
  /** Also writes over what people edited. */
  readonly overwrites: boolean;
}

/** Holds what the source says against what is there; nothing that a person changed is lost. */
export function settle(items: readonly ImportItem[], variables: Variables, standing: Standing): readonly SettledItem[] {
  const seen = new Set<string>();
  const settled = items.map((item) => {
    const isSecond = item.target !== undefined && seen.has(item.key);
    seen.add(item.key);
    return settleOne(isSecond ? { ...item, target: undefined, problem: SAME_NAME } : item, variables, standing);
  });
  const keys = new Set(items.map(({ key }) => key));
  const gone = [...standing.memory].filter(([key, { section, name }]) => {
    return !keys.has(key) && entryIn(standing.imported, section, name) !== undefined;
  });
  return [...settled, ...gone.map(([key, remembered]) => noLongerThere(key, remembered))];
}

function settleOne(item: ImportItem, variables: Variables, standing: Standing): SettledItem {
  const { key, what, title, from, notes, target, problem } = item;
  const head = { key, what, title, from, notes };
  if (target === undefined) {
    return { ...head, outcome: item.isLeftOut === true ? 'skipped' : 'cannot', reason: problem };
  }
  const { section, name } = target;
  const entry = variables.settle(target.entry, name);
  return { ...head, place: { section, name, entry }, ...verdict({ key, section, name, entry }, standing) };
}

type Verdict = Pick<SettledItem, 'outcome' | 'reason'>;

function verdict({ key, section, name, entry }: Place & { readonly key: string }, standing: Standing): Verdict {
  const { imported, elsewhere, memory, overwrites } = standing;
  if (entryIn(elsewhere, section, name) !== undefined) {
    return skipped(`${section}.${name} stands in another file of the manifest; that one is kept.`);
  }
  const now = entryIn(imported, section, name);
  const last = memory.get(key)?.entry;
  const isOurs = overwrites || isDeepStrictEqual(now, last);
  if (now === undefined) return isOurs ? { outcome: 'created', reason: null } : skipped(TAKEN_OUT);
  if (isDeepStrictEqual(now, entry)) return { outcome: 'there', reason: null };
  return isOurs ? { outcome: 'changed', reason: null } : skipped(EDITED);
}

function entryIn(sections: Sections, section: string, name: string): unknown {
  return ownEntry(sections[section] ?? {}, name);
}

const SAME_NAME =
  'Another one has the same name there, and nothing tells the two apart; give one of them another name.';
const TAKEN_OUT = 'You took it out after it was imported; `--overwrite` brings it back.';
const EDITED = 'You edited it after it was imported, and that is kept; `--overwrite` writes over it.';

function skipped(reason: string): Verdict {
  return { outcome: 'skipped', reason };
}

function noLongerThere(key: string, { section, name }: Remembered): SettledItem {
  const reason = `It is no longer in the source; ${section}.${name} stays until you take it out.`;
  return {
    key,
    what: key.split(' ')[0] ?? key,
    title: name,
    from: 'an earlier import',
    notes: [],
    outcome: 'skipped',
    reason,
  };
}

/** What is written down for the next run. */
export function memoryText(settled: readonly SettledItem[], before: Memory, source: string): string {
  const written: Record<string, Remembered> = {};
  for (const { key, outcome, place } of settled) {
    const isWritten = place !== undefined && (outcome === 'created' || outcome === 'changed' || outcome === 'there');
    const remembered = isWritten ? place : before.get(key);
    if (remembered !== undefined)
      written[key] = { section: remembered.section, name: remembered.name, entry: remembered.entry };
  }
  const left = settled.filter(({ outcome }) => outcome === 'cannot' || outcome === 'skipped');
  const notCarriedOver = left.map(({ what, title, from, outcome, reason }) => ({ what, title, from, outcome, reason }));
  return `${JSON.stringify({ source, notCarriedOver, written }, null, 2)}\n`;
}
