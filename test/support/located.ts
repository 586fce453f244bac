import type { Db } from '../../src/contracts/database.ts';
import { SECOND_MS } from '../../src/kernel/clock.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { Monitor, ProbeBatch, ProbeResult } from '../../src/monitoring/index.ts';
import { register } from '../../src/monitoring/state/registration.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import type { FakeClock } from './fake-clock.ts';

/** A monitor that is checked every 10 s from several places; two checks in a row must find it down. */
export function located(name: string, locations: readonly string[], changes: Partial<Monitor> = {}): Monitor {
  return {
    name,
    type: 'http',
    settings: { http: new Secret(`https://${name}.example`) },
    description: null,
    intervalMs: 10 * SECOND_MS,
    timeoutMs: SECOND_MS,
    confirm: { down: 2, up: 1 },
    dependsOn: [],
    was: [],
    locations,
    reach: 'manifest',
    ...changes,
  };
}

/** Gives the monitors their numbers, as a server that checks does. */
export async function registered(db: Db, clock: FakeClock, monitors: readonly Monitor[]) {
  const registration = { environment: 'live', ids: createSystemIds(clock), at: clock.now() };
  const records = await db.quiet('test', (tx) => register(tx, monitors, registration));
  return monitors.map((monitor) => ({ monitor, id: records.get(monitor.name)?.id ?? -1 }));
}

export function aBatch(location: string, now: number, results: readonly ProbeResult[]): ProbeBatch {
  return { location, version: '0.1.0', spool: 'spool_1', now, gaps: [], results };
}

export function aResult(seq: number, at: number, changes: Partial<ProbeResult> = {}): ProbeResult {
  return { seq, monitor: 'api', at, outcome: 'up', latencyMs: 12, reason: null, ...changes };
}
