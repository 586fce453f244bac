import type { CliContext } from './context.ts';

export type Verdict = 'pass' | 'warn' | 'fail';

export interface Finding {
  readonly verdict: Verdict;
  /** What was seen, with its numbers. */
  readonly says: string;
  /** What to do about it; null when there is nothing to do. */
  readonly fix: string | null;
}

export interface DoctorCheck {
  readonly name: string;
  /** Null when it is about something that is not used here. */
  look(context: CliContext): Promise<Finding | null>;
}

export const pass = (says: string): Finding => ({ verdict: 'pass', says, fix: null });
export const warn = (says: string, fix: string): Finding => ({ verdict: 'warn', says, fix });
export const fail = (says: string, fix: string): Finding => ({ verdict: 'fail', says, fix });
