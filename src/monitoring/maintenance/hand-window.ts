/** Work that somebody began, or a pause. */
export interface HandWindow {
  readonly id: string;
  readonly title: string;
  /** Null: everything that is watched. */
  readonly monitors: readonly string[] | null;
  readonly from: number;
  /** Null: until somebody ends it. */
  readonly until: number | null;
  /** Nothing is asked of the target meanwhile. */
  readonly pausesChecks: boolean;
  readonly startedBy: string;
  /** When somebody ended it; null while nobody has, also when its time is over. */
  readonly endedAt: number | null;
  readonly reason: string | null;
}

/** When it was or will be over; null when nobody knows yet. */
export function endOf({ until, endedAt }: Pick<HandWindow, 'until' | 'endedAt'>): number | null {
  if (endedAt === null || until === null) return endedAt ?? until;
  return Math.min(endedAt, until);
}
