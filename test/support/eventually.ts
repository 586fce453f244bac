import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;
const WITHIN_MS = 15_000;

/** Repeats an assertion until it holds; what it last said is thrown when time is up. */
export async function eventually(assertion: () => void | Promise<void>, withinMs = WITHIN_MS): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
    }
    await delay(LOOK_EVERY_MS);
  }
}
