import { codeOf } from '../../kernel/errors.ts';
import { errors } from './errors.ts';
import { untilAborted } from './until-aborted.ts';

/** So many at once; the others wait for their turn, in order. Whose time is over before that gets `BROWSER_BUSY`. */
export interface Slots {
  use<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;

  return {
    async use(signal, work) {
      await take(signal);
      try {
        return await work();
      } finally {
        pass();
      }
    },
  };

  async function take(signal: AbortSignal): Promise<void> {
    if (free > 0) {
      free -= 1;
      return;
    }
    const { promise: turn, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    try {
      await untilAborted(turn, signal);
    } catch (error) {
      const at = waiting.indexOf(resolve);
      // It may have come in this very moment, and belongs to the next one then.
      if (at === -1) pass();
      else waiting.splice(at, 1);
      if (codeOf(error) === 'TimeoutError') throw errors.BROWSER_BUSY({ count }, { cause: error });
      throw error;
    }
  }

  function pass(): void {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  }
}
