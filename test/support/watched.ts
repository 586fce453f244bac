import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppModel } from '../../src/contracts/app-model.ts';
import type { Tx } from '../../src/contracts/database.ts';
import type { RecordedEvent } from '../../src/contracts/events.ts';
import { SECOND_MS } from '../../src/kernel/clock.ts';
import type { Net } from '../../src/kernel/net.ts';
import { Secret } from '../../src/kernel/secret.ts';
import {
  createMonitoring,
  type Monitor,
  type MonitoringPlan,
  monitorsOf,
  monitorTypes,
  planFor,
} from '../../src/monitoring/index.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { readOutbox, START } from '../../src/platform/sql/outbox.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { noBrowser } from './fake-browser.ts';
import { FakeClock } from './fake-clock.ts';
import { fakeHost } from './fake-host.ts';
import { scriptedNet } from './scripted-net.ts';
import { silentLog } from './silent-log.ts';

// The manifest loads the types that it names; tests describe monitors without one.
await monitorTypes.loadAll();

export const EVERY_MS = 10 * SECOND_MS;

/** What a test may change about the monitoring that it watches. */
export interface Watching {
  readonly clock?: FakeClock;
  /** What differs from a plan of nothing but the services. */
  readonly plan?: Partial<MonitoringPlan>;
  readonly canaryUrl?: string | null;
  readonly http?: Net['http'];
}

/** Monitoring at work on a clock and a network that a test steers. */
export async function watch(
  t: TestContext,
  open: (t: TestContext) => Promise<Database>,
  services: AppModel['services'],
  { clock = new FakeClock(), plan = {}, canaryUrl = null, http }: Watching = {},
) {
  // Hooks run in the order of their registration, and the database must outlive what writes to it.
  t.after(() => monitoring.stop());
  const db = counted(await open(t));
  const net = { ...scriptedNet(), ...(http && { http }) };
  const monitoring = createMonitoring({ ...depsOf(db, clock, net), runsChecks: true, canaryUrl });
  const whole = { ...planFor(monitors(services)), ...plan };
  await monitoring.apply(whole);
  const startedAt = clock.now();
  monitoring.start();
  await pass(clock, 0);
  const changes = async () =>
    (await readOutbox(db, START, 100)).events.filter(
      (event): event is RecordedEvent & { name: 'monitor.state-changed' } => event.name === 'monitor.state-changed',
    );
  return { db, clock, net, monitoring, changes, startedAt, plan: whole };
}

export function depsOf(db: Database, clock: FakeClock, net: Net) {
  return {
    db,
    clock,
    ids: createSystemIds(clock),
    log: silentLog,
    net,
    apiNet: net,
    host: fakeHost(),
    browser: noBrowser,
    environment: 'live',
  };
}

/** Lets time pass in steps, each long enough for a real database to finish what the step began. */
export async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let left = ms; ; left -= EVERY_MS) {
    await clock.advance(Math.min(left, EVERY_MS));
    do await delay(1);
    while (isBusy());
    if (left <= EVERY_MS) return;
  }
}

let underWay = 0;

function isBusy(): boolean {
  return underWay > 0;
}

/** Counts the units of work under way, because virtual time does not wait for them; and it can be away, or go unheard. */
function counted(db: Database): Database & { isAway: boolean; isUnheardOnce: boolean } {
  const count = async <Result>(begin: () => Promise<Result>): Promise<Result> => {
    if (counting.isAway) throw new Error('The database is away.');
    underWay += 1;
    return begin().finally(() => {
      underWay -= 1;
    });
  };
  const unheard = async <Result>(done: Promise<Result>): Promise<Result> => {
    const result = await done;
    if (!counting.isUnheardOnce) return result;
    counting.isUnheardOnce = false;
    throw new Error('The connection broke before the answer came.');
  };
  const counting = {
    ...db,
    isAway: false,
    isUnheardOnce: false,
    tx: <Result>(work: (tx: Tx) => Promise<Result>) => count(() => unheard(db.tx(work))),
    soon: <Result>(reason: string, work: (tx: Tx) => Promise<Result>) => count(() => db.soon(reason, work)),
    quiet: <Result>(reason: string, work: (tx: Tx) => Promise<Result>) => count(() => db.quiet(reason, work)),
  };
  return counting;
}

export async function now(monitoring: ReturnType<typeof createMonitoring>, name: string) {
  const found = (await monitoring.facts.monitors()).find((monitor) => monitor.name === name);
  assert.ok(found);
  return found;
}

export function modelOf(services: AppModel['services']): AppModel {
  return { app: 'shop', environment: 'live', environments: ['live'], services };
}

export function monitors(services: AppModel['services']): readonly Monitor[] {
  const timing = Object.fromEntries(services.map(({ name }) => [name, { every: EVERY_MS }]));
  return monitorsOf(modelOf(services), { monitors: {}, services: timing }).monitors;
}

export function service(
  name: string,
  changes: Partial<AppModel['services'][number]> = {},
): AppModel['services'][number] {
  const url = new Secret(`tcp://${name}:80`, name);
  return { name, url, description: null, was: [], source: null, engine: null, health: null, dependsOn: [], ...changes };
}
