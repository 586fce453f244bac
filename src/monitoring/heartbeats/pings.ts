import type { Db } from '../../contracts/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import { errors } from '../errors.ts';
import type { Ping } from '../monitor-type.ts';
import * as monitorStore from '../state/monitor-store.ts';
import * as pingStore from './ping-store.ts';

export interface PingsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly environment: string;
  /** A job that is back should not look late until the next regular look. */
  readonly heard: (monitor: string) => void;
}

/** Jobs that tell by themselves that they live. */
export interface Pings {
  /** A job says that it lives; `key` is the secret part of the address it was given. */
  recordPing(key: string, outcome: Ping['outcome']): Promise<void>;
  /** The secret part of the address of a push monitor. */
  pingKeyOf(name: string): Promise<string>;
}

export function createPings({ db, clock, environment, heard }: PingsDeps): Pings {
  return {
    async recordPing(key, outcome) {
      const record = await monitorStore.findByPingKey(db, key);
      if (record === undefined || record.environment !== environment) throw errors.PING_KEY_UNKNOWN({});
      const ping = { at: clock.now(), outcome };
      await db.quiet('the check that reads the ping announces what follows', (tx) =>
        pingStore.insert(tx, record.id, ping),
      );
      heard(record.name);
    },
    pingKeyOf: async (name) => (await monitorStore.named(db, environment, name)).pingKey,
  };
}
