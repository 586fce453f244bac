import type { Written } from './written.ts';

/** Sections of the manifest that an import may write into: by name, or for `status` by key. */
export const IMPORT_SECTIONS = [
  'services',
  'monitors',
  'thresholds',
  'channels',
  'people',
  'escalate',
  'maintenance',
  'status',
] as const;
export type ImportSection = (typeof IMPORT_SECTIONS)[number];

/** One thing that was found in the source, and what becomes of it. */
export interface ImportItem {
  /** Stable within the source, so that a second run knows it again: its kind and its own id, e.g. `monitor 12`. */
  readonly key: string;
  /** In one or two words, e.g. `monitor`, `status page`. */
  readonly what: string;
  /** What its owner calls it. */
  readonly title: string;
  /** Where it stands, e.g. `gatus.yaml:12` or `table monitor, row 12`. */
  readonly from: string;
  /** What was changed on the way and why, in sentences. Never with a secret. */
  readonly notes: readonly string[];
  /** Undefined when it cannot be carried over. */
  readonly target: ImportTarget | undefined;
  /** Why it cannot, or was left out, in a sentence; null for what is carried over. */
  readonly problem: string | null;
  /** The owner switched it off there: it is left out, and nothing is lost. */
  readonly isLeftOut?: boolean;
}

/** Where it stands in the manifest, and as what. */
export interface ImportTarget {
  readonly section: ImportSection;
  /** Its name there, from `nameFor`; in `status` the key. */
  readonly name: string;
  readonly entry: Written;
}

export interface ImportPlan {
  /** In the order of the source. */
  readonly items: readonly ImportItem[];
  /** What is to be said about the whole, in sentences. */
  readonly notes: readonly string[];
}

type Found = Pick<ImportItem, 'key' | 'what' | 'title' | 'from'>;

export function carried(found: Found, target: ImportTarget, notes: readonly string[] = []): ImportItem {
  return { ...found, notes, target, problem: null };
}

export function cannot(found: Found, problem: string, notes: readonly string[] = []): ImportItem {
  return { ...found, notes, target: undefined, problem };
}

/** For what is switched off there. */
export function leftOut(found: Found, problem: string): ImportItem {
  return { ...cannot(found, problem), isLeftOut: true };
}
