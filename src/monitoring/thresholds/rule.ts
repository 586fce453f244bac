/** Ascending. */
export const LEVELS = ['warning', 'critical'] as const;
export type Level = (typeof LEVELS)[number];

/** What a limit is written in: `85%`, `1s` or `1000`. */
export type Unit = 'share' | 'ms' | 'number';

/** One limit, and how long a value has to stand beyond it. */
export interface Step {
  readonly level: Level;
  /** A share of 0 to 1, milliseconds or a plain number, as the unit says. */
  readonly limit: number;
  readonly forMs: number;
}

/** When a reading is worth somebody's attention, and which runbook says what to do then. */
export interface Rule {
  readonly name: string;
  /** The name of a reading; `disk` also means `disk:/var`. */
  readonly reading: string;
  readonly side: 'above' | 'below';
  readonly unit: Unit;
  /** At most one of each level, `warning` first. Never empty. */
  readonly steps: readonly [Step, ...Step[]];
  readonly runbook: string;
  /** Null: every monitor that gives this reading. */
  readonly monitors: readonly string[] | null;
}

/** The part before the colon: `disk` of `disk:/var`. */
export function kindOfReading(reading: string): string {
  const colon = reading.indexOf(':');
  return colon === -1 ? reading : reading.slice(0, colon);
}

export function isBeyond(side: Rule['side'], value: number, limit: number): boolean {
  return side === 'above' ? value > limit : value < limit;
}
