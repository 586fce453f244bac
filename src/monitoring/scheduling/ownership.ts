import type { Fence } from '../state/group-commit.ts';

/** Which monitors are ours to check, where several processes share the work. */
export interface Ownership {
  /** Whether it is checked here when it is due. */
  owns(monitorId: number): boolean;
  /** Whether a check may begin, and a state be said, at this very moment. */
  mayCheck(monitorId: number): boolean;
  /** Another one than before when somebody else may have checked it in between. */
  epochOf(monitorId: number): number | undefined;
  /** Which of these monitors are still ours, held so until the transaction ends. */
  readonly fence: Fence;
}

/** Of a process that shares with nobody. */
export const SOLE_OWNER: Ownership = {
  owns: () => true,
  mayCheck: () => true,
  epochOf: () => 0,
  fence: async (_tx, monitorIds) => new Set(monitorIds),
};
