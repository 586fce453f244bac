import { createHash } from 'node:crypto';
import type { Db } from '../../contracts/database.ts';
import type { Monitor } from '../monitor.ts';
import type { MonitorRecord } from '../state/monitor-store.ts';
import * as monitorStore from '../state/monitor-store.ts';
import { monitorTypes } from '../types/index.ts';

export interface PingKeysDeps {
  readonly db: Db;
  readonly environment: string;
  /** What the manifest names now. */
  readonly monitors: () => readonly Monitor[];
}

/** Whom a job means by the secret part of the address it calls. */
export interface PingKeys {
  /** Undefined when nobody waits for it. Looked up by its digest: how long it takes tells nothing of a key. */
  monitorOf(key: string): Promise<MonitorRecord | undefined>;
}

export function createPingKeys({ db, environment, monitors }: PingKeysDeps): PingKeys {
  let known: { readonly of: readonly Monitor[]; readonly names: ReadonlyMap<string, string> } | undefined;

  return {
    async monitorOf(key) {
      const name = ownKeys().get(digestOf(key));
      const record = name === undefined ? await made(key) : await monitorStore.findNamed(db, environment, name);
      return record !== undefined && takesPings(record.name) ? record : undefined;
    },
  };

  /** The keys that stand in the manifest. */
  function ownKeys(): ReadonlyMap<string, string> {
    const all = monitors();
    if (known?.of !== all) {
      const entries = all.flatMap(({ name, type, settings }) => {
        const key = monitorTypes.get(type).ownPingKey(settings);
        return key === null ? [] : [[digestOf(key.reveal()), name] as const];
      });
      known = { of: all, names: new Map(entries) };
    }
    return known.names;
  }

  /** The key that we made for it. */
  async function made(key: string): Promise<MonitorRecord | undefined> {
    const record = await monitorStore.findByPingKey(db, key);
    return record?.environment === environment ? record : undefined;
  }

  function takesPings(name: string): boolean {
    const monitor = monitors().find((each) => each.name === name);
    return monitor !== undefined && monitorTypes.get(monitor.type).takesPings;
  }
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('base64');
}
