import type { Fence } from '../state/group-commit.ts';

/** Which monitors are ours to check, where several processes share the work. */
export interface Ownership {
  /** Whether a check may begin now. */
  mayCheck(monitorId: number): boolean;
  /** Which of these monitors are still ours, held so until the transaction ends. */
  readonly fence: Fence;
}

/** Of a process that shares with nobody. */
export const SOLE_OWNER: Ownership = {
  mayCheck: () => true,
  fence: async (_tx, monitorIds) => new Set(monitorIds),
};
