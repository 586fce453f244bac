import type { Tx } from '../../contracts/database.ts';
import * as changeStore from '../history/change-store.ts';
import type { MonitorRecord } from './monitor-store.ts';
import * as monitorStore from './monitor-store.ts';

export interface StateCommit extends changeStore.NewChange {
  readonly environment: string;
}

/**
 * The one way a state changes: the monitor's row, its line of history and the event about it commit together.
 * Returns the record as it now is, or undefined when the monitor was no longer in the state the caller saw.
 */
export async function commitState(
  tx: Tx,
  seen: MonitorRecord,
  { environment, ...change }: StateCommit,
): Promise<MonitorRecord | undefined> {
  // History never runs backwards, whatever the clock did.
  const at = Math.max(change.at, seen.since);
  const next = { state: change.state, since: at, reason: change.reason };
  if (!(await monitorStore.setState(tx, seen, next))) return undefined;
  await changeStore.insert(tx, seen.id, { ...change, at });
  await tx.emit('monitor.state-changed', {
    environment,
    monitor: seen.name,
    from: seen.state,
    to: change.state,
    at,
    confirmedAt: change.confirmedAt,
    reason: change.reason,
    rootCause: change.rootCause,
  });
  return { ...seen, ...next };
}
