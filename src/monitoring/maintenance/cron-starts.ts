import { Cron } from 'croner';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { Starts } from './planned-window.ts';

export function startsByCron(pattern: string, zone: string): Starts {
  const cron = new Cron(pattern, { mode: '5-part', timezone: zone });
  return {
    next: (at) => cron.nextRun(new Date(at))?.getTime() ?? null,
    // It counts in whole seconds and leaves out the one it is asked about.
    latest: (at) => cron.previousRuns(1, new Date(at - (at % SECOND_MS) + SECOND_MS))[0]?.getTime() ?? null,
  };
}

/** A line that never comes true, such as the 31st of February, is a mistake too. */
export function isCronLine(text: string): boolean {
  try {
    return new Cron(text, { mode: '5-part', timezone: 'UTC' }).nextRun() !== null;
  } catch {
    return false;
  }
}
