import type { TestContext } from 'node:test';
import type { EventName, RecordedEvent } from '../../src/contracts/events.ts';
import type { State } from '../../src/contracts/state.ts';
import * as changeStore from '../../src/monitoring/history/change-store.ts';
import type { ResultRecord } from '../../src/monitoring/history/result-store.ts';
import * as resultStore from '../../src/monitoring/history/result-store.ts';
import type { Monitor } from '../../src/monitoring/index.ts';
import { createObjectives } from '../../src/monitoring/objectives/objectives.ts';
import { objectivesOf } from '../../src/monitoring/objectives/objectives-of.ts';
import { Slo } from '../../src/monitoring/objectives/section.ts';
import * as monitorStore from '../../src/monitoring/state/monitor-store.ts';
import { register } from '../../src/monitoring/state/registration.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { readOutbox, START } from '../../src/platform/sql/outbox.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { FakeClock } from './fake-clock.ts';
import { silentLog } from './silent-log.ts';
import { monitors, service } from './watched.ts';

/** As it would be written in the manifest. */
export type WrittenSlo = Readonly<Record<string, unknown>>;

export const ENVIRONMENT = 'live';

export function promisesOf(written: WrittenSlo, watched: readonly Monitor[] = monitors([service('api')])) {
  const services = Object.fromEntries(watched.map(({ name }) => [name, { slo: Slo.parse(written) }]));
  return objectivesOf(watched, { services, monitors: {} });
}

/** The monitor `api` with a past that a test makes up, and what was promised of it. */
export async function promised(t: TestContext, open: (t: TestContext) => Promise<Database>, written: WrittenSlo) {
  const db = await open(t);
  const clock = new FakeClock();
  await registered(db, clock, [service('api')]);
  const objectives = keeping(db, clock, written);
  return {
    db,
    clock,
    objectives,
    /** One more process with the same database. */
    another: () => keeping(db, clock, written),
    goes: (state: State, at: number) => goes(db, state, at),
    checked: (results: readonly ResultRecord[]) => checked(db, results),
    now: async () => {
      const [first] = await objectives.facts.objectives();
      if (first === undefined) throw new Error('Nothing is promised.');
      return first;
    },
    told: () => told(db),
  };
}

export function keeping(db: Database, clock: FakeClock, written: WrittenSlo) {
  const objectives = createObjectives({ db, clock, log: silentLog, environment: ENVIRONMENT });
  objectives.apply(promisesOf(written).objectives);
  return objectives;
}

export async function registered(db: Database, clock: FakeClock, services: Parameters<typeof monitors>[0]) {
  const at = clock.now();
  const registration = { environment: ENVIRONMENT, ids: createSystemIds(clock), at };
  await db.tx((tx) => register(tx, monitors(services), registration));
}

async function recordIn(db: Database): Promise<monitorStore.MonitorRecord> {
  const [record] = await monitorStore.list(db, ENVIRONMENT);
  if (record === undefined) throw new Error('Nothing is watched.');
  return record;
}

async function goes(db: Database, state: State, at: number): Promise<void> {
  const record = await recordIn(db);
  await db.quiet('a test', async (tx) => {
    await monitorStore.setState(tx, record, { state, since: at, reason: null });
    await changeStore.insert(tx, record.id, { at, state, reason: null, rootCause: null, confirmedAt: at });
  });
}

async function checked(db: Database, results: readonly ResultRecord[]): Promise<void> {
  const { id } = await recordIn(db);
  const rows = results.map((result) => resultStore.toRow(id, result));
  await db.quiet('a test', (tx) => resultStore.append(tx, rows));
}

type ObjectiveEvent = RecordedEvent & { readonly name: Extract<EventName, `objective.${string}`> };

/** Every event about objectives, oldest first. */
export async function told(db: Database): Promise<readonly ObjectiveEvent[]> {
  const { events } = await readOutbox(db, START, 10_000);
  return events.filter((event): event is ObjectiveEvent => event.name.startsWith('objective.'));
}
