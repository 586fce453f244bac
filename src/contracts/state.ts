/** The five classes every monitor, service and page speaks in. */
export const STATES = ['up', 'degraded', 'down', 'maintenance', 'unknown'] as const;
export type State = (typeof STATES)[number];

/** One line of a monitor's history: from `at` on it was in this state. */
export interface StateChange {
  readonly monitor: string;
  readonly at: number;
  readonly state: State;
  /** What the check saw, in plain words; null when the state needs no reason. */
  readonly reason: string | null;
}
