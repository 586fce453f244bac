import type { Tx } from '../../contracts/database.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Monitor } from '../monitor.ts';
import type { MonitorRecord } from './monitor-store.ts';
import * as monitorStore from './monitor-store.ts';
import { commitState } from './state-commit.ts';

export interface Registration {
  readonly environment: string;
  readonly ids: Ids;
  readonly at: number;
}

const PING_KEY_BYTES = 16;

/**
 * Makes the table say what the manifest says: new monitors get a number, renamed ones keep theirs, removed ones keep
 * their history and are unknown from now on. Returns the records of the monitors named, by name.
 */
export async function register(
  tx: Tx,
  monitors: readonly Monitor[],
  registration: Registration,
): Promise<ReadonlyMap<string, MonitorRecord>> {
  const { environment, ids, at } = registration;
  const before = byName(await monitorStore.list(tx, environment));
  for (const monitor of monitors) {
    const known = before.get(monitor.name) ?? earlier(monitor, monitors, before);
    if (known === undefined) {
      await monitorStore.insert(tx, environment, { name: monitor.name, pingKey: ids.secret(PING_KEY_BYTES), at });
      continue;
    }
    if (known.name !== monitor.name) await monitorStore.rename(tx, known.id, monitor.name);
    if (known.removedAt !== null) await monitorStore.bringBack(tx, known.id, at);
  }

  const after = byName(await monitorStore.list(tx, environment));
  const wanted = new Set(monitors.map(({ name }) => name));
  for (const record of after.values()) {
    if (!wanted.has(record.name) && record.removedAt === null) await remove(tx, record, registration);
  }
  return new Map([...after].filter(([name]) => wanted.has(name)));
}

/** A record under one of the monitor's earlier names, unless that name now means something else. */
function earlier(
  monitor: Monitor,
  monitors: readonly Monitor[],
  before: ReadonlyMap<string, MonitorRecord>,
): MonitorRecord | undefined {
  const name = monitor.was.find((old) => before.has(old) && monitors.every((other) => other.name !== old));
  return name === undefined ? undefined : before.get(name);
}

async function remove(tx: Tx, record: MonitorRecord, { environment, at }: Registration): Promise<void> {
  if (record.state !== 'unknown') {
    const reason = 'It was taken out of the manifest.';
    await commitState(tx, record, { environment, state: 'unknown', at, confirmedAt: at, reason, rootCause: null });
  }
  await monitorStore.setRemoved(tx, record.id, at);
}

function byName(records: readonly MonitorRecord[]): ReadonlyMap<string, MonitorRecord> {
  return new Map(records.map((record) => [record.name, record]));
}
