import type { Answer } from '../engine.ts';
import type { TableCount } from '../format/backup-manifest.ts';

/** What is asked of a database file, by `inspector.ts` in a process of its own. */
export type Inspection =
  | { readonly task: 'check'; readonly file: string }
  | { readonly task: 'count'; readonly file: string; readonly budgetMs: number }
  | { readonly task: 'ask'; readonly file: string; readonly query: string };

export interface Findings {
  /** The first thing that is wrong with the file; null when it is sound. */
  readonly check: string | null;
  readonly count: readonly TableCount[];
  readonly ask: Answer;
}
