/** Pictures of what was to be seen when something went wrong. `platform/pictures.ts` keeps them on this machine's disk. */
export interface Pictures {
  /** `at` is epoch milliseconds. The last few of each monitor are kept; rejects with a system error when it cannot be. */
  keep(monitor: string, at: number, png: Uint8Array): Promise<void>;
  /** When those were taken that are kept, newest first, epoch milliseconds. */
  list(monitor: string): Promise<readonly number[]>;
  /** Undefined when there is none of that moment. */
  read(monitor: string, at: number): Promise<Uint8Array | undefined>;
}
