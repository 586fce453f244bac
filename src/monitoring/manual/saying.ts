import type { Db } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import { errors } from '../errors.ts';
import type { Monitor } from '../monitor.ts';
import type { Said } from '../monitor-type.ts';
import * as monitorStore from '../state/monitor-store.ts';
import { monitorTypes } from '../types/index.ts';
import * as saidStore from './said-store.ts';

export interface SayingDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
  readonly monitors: () => readonly Monitor[];
  /** It should be so at once, not at the next regular look; resolves when it is, where that is our business. */
  readonly heard: (monitor: string) => Promise<unknown>;
}

/** People who say how something is. */
export interface Saying {
  /** It is so until somebody says something else. Rejects with `MONITOR_UNKNOWN` and `MONITOR_NOT_MANUAL`. */
  say(name: string, said: Omit<Said, 'at'>, options: { readonly dryRun: boolean }): Promise<Said>;
}

export function createSaying({ db, clock, environment, monitors, heard }: SayingDeps): Saying {
  return {
    async say(name, word, { dryRun }) {
      const monitor = monitors().find((each) => each.name === name);
      if (monitor === undefined) throw errors.MONITOR_UNKNOWN({ name });
      const { type } = monitor;
      if (!monitorTypes.get(type).isToldByPeople) throw errors.MONITOR_NOT_MANUAL({ name, type });
      const said = { ...word, at: clock.now() };
      if (dryRun) return said;
      const { id } = await monitorStore.named(db, environment, name);
      await db.quiet('the check that reads it announces what follows', (tx) => saidStore.set(tx, id, said));
      await heard(name);
      return said;
    },
  };
}
