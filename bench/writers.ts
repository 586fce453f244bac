import { setImmediate as yieldToOthers } from 'node:timers/promises';

export const WRITERS = 16;

export interface Rate {
  readonly perSecond: number;
  /** Of this process alone, not of a database server. */
  readonly cpuMsPerThousand: number;
}

/** How often `commit` ends in a second when all writers call it as fast as they can. */
export async function rateOf(seconds: number, commit: (writer: number) => Promise<unknown>): Promise<Rate> {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const endsAt = startedAt + seconds * 1_000;
  const counts = await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
  const count = counts.reduce((total, each) => total + each, 0);
  const cpu = process.cpuUsage(cpuBefore);
  return {
    perSecond: (count * 1_000) / (performance.now() - startedAt),
    cpuMsPerThousand: (cpu.user + cpu.system) / count,
  };

  async function write(writer: number): Promise<number> {
    let done = 0;
    while (performance.now() < endsAt) {
      await commit(writer);
      done += 1;
      // Nothing on SQLite waits for the outside: without this nobody else would ever get a turn.
      await yieldToOthers();
    }
    return done;
  }
}
