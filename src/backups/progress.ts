/** Where a run is, for somebody who waits for it. */
export interface Progress {
  /** E.g. `reading`; the bytes are counted from nought again. */
  enter(phase: Phase): void;
  add(bytes: number): void;
}

export const PHASES = ['dumping', 'reading back', 'copying', 'checking', 'reading', 'restoring', 'comparing'] as const;
export type Phase = (typeof PHASES)[number];
