import type { Part } from '../monitor-type.ts';

/** What a health address answered. */
export interface HealthAnswer {
  readonly status: number;
  /** Media type in lower case, without its parameters; empty when none was named. */
  readonly type: string;
  readonly text: string;
  /** Undefined when the text is not JSON. */
  readonly json: unknown;
  /** What we sent it ourselves and nobody may see: a program may repeat it. */
  readonly secrets: readonly string[];
}

export interface HealthReading {
  /** What it says of itself as a whole; `unknown` when it says nothing that is understood. */
  readonly state: Part['state'];
  readonly parts: readonly Part[];
}

/** One way in which programs say how they and their parts are. */
export interface Dialect {
  /** As it stands in the manifest and like its file. */
  readonly name: string;
  /** One sentence for the reference. */
  readonly summary: string;
  /** Whether an answer is surely this one, for those who leave it to us to find out. */
  readonly recognises: (answer: HealthAnswer) => boolean;
  /** Undefined when the answer is something else. Never throws, whatever the answer. */
  readonly read: (answer: HealthAnswer) => HealthReading | undefined;
}
