/** Work that is announced in the manifest. */
export interface PlannedWindow {
  /** Its name in the manifest. */
  readonly name: string;
  readonly title: string;
  /** Null: everything that is watched. */
  readonly monitors: readonly string[] | null;
  /** Whether it also covers whatever depends on these, directly or not. */
  readonly coversDependents: boolean;
  readonly starts: Starts;
  /** Exact elapsed time, whatever the clocks on the wall do meanwhile. */
  readonly forMs: number;
}

/** The instants at which a window begins, epoch milliseconds. Pure, and cheap enough to be asked at every check. */
export interface Starts {
  /** The latest one that is not after `at`; null when none has been. */
  latest(at: number): number | null;
  /** The first one after `at`; null when there is none any more. */
  next(at: number): number | null;
}

/** Work that happens once. */
export function startsOnce(start: number): Starts {
  return {
    latest: (at) => (start <= at ? start : null),
    next: (at) => (start > at ? start : null),
  };
}

/** Those in [from, to), ascending. */
export function startsWithin(starts: Starts, from: number, to: number): readonly number[] {
  const found: number[] = [];
  let start = starts.next(from - 1);
  while (start !== null && start < to) {
    found.push(start);
    start = starts.next(start);
  }
  return found;
}
