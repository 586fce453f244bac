import type { Db } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import * as resultStore from '../history/result-store.ts';
import type { Monitor } from '../monitor.ts';
import type { Part } from '../monitor-type.ts';
import * as monitorStore from '../state/monitor-store.ts';
import { isStale, slackOf } from '../state/watch.ts';
import * as partStore from './part-store.ts';

export interface PartReaderDeps {
  readonly db: Db;
  readonly clock: Pick<Clock, 'now'>;
  readonly environment: string;
  readonly monitors: () => readonly Monitor[];
}

/** The parts of a monitor as they are now. What nobody has looked at lately is not told as if it still held. */
export function createPartReader({ db, clock, environment, monitors }: PartReaderDeps) {
  return async (name: string): Promise<readonly Part[]> => {
    const monitor = monitors().find((each) => each.name === name);
    const record = await monitorStore.findNamed(db, environment, name);
    if (monitor === undefined || record === undefined) return [];
    const lastSeenAt = (await resultStore.latestHere(db, [record.id])).get(record.id)?.at ?? 0;
    const { intervalMs } = monitor;
    if (isStale({ lastSeenAt, intervalMs, slackMs: slackOf(monitor) }, clock.now())) return [];
    return partStore.find(db, record.id);
  };
}
