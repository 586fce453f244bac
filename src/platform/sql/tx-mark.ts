import { AsyncLocalStorage } from 'node:async_hooks';
import { errors } from './errors.ts';

/** Knows whether the code that is running was called from inside a transaction of the same database. */
export interface TxMark {
  run<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Throws instead of letting a task wait for itself. */
  refuseInside(): void;
}

export function createTxMark(): TxMark {
  const current = new AsyncLocalStorage<{ isOpen: boolean }>();
  return {
    async run(work) {
      const mark = { isOpen: true };
      try {
        return await current.run(mark, work);
      } finally {
        // A task started inside, such as a timer, inherits the mark and may well outlive the transaction.
        mark.isOpen = false;
      }
    },
    refuseInside() {
      if (current.getStore()?.isOpen === true) throw errors.SQL_INSIDE_OWN_TX({});
    },
  };
}
