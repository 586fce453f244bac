import type { Db } from '../contracts/database.ts';
import type { MonitoringFacts, ObjectiveFacts } from '../contracts/facts.ts';
import type { Browser } from '../kernel/browser.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HostLook } from '../kernel/host.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Net } from '../kernel/net.ts';
import type { Pictures } from '../kernel/pictures.ts';
import { createWatchdog } from './coverage/watchdog.ts';
import { createEngine } from './engine.ts';
import { errors } from './errors.ts';
import { createFacts } from './facts.ts';
import { createPings, type Pings } from './heartbeats/pings.ts';
import { createHistoryReader, type HistoryReader } from './history/history-reader.ts';
import { addPast, type Past, type PastAdded } from './history/imported-past.ts';
import * as resultStore from './history/result-store.ts';
import { rollUp } from './history/roller.ts';
import { tidy } from './history/tidying.ts';
import { createProbeDesk, type ProbeDesk } from './locations/probe-desk.ts';
import { createSilenceWatch } from './locations/silence.ts';
import type { MaintenanceDesk } from './maintenance/desk.ts';
import { createMaintenance } from './maintenance/maintenance.ts';
import { createSaying, type Saying } from './manual/saying.ts';
import type { CheckResult, Part } from './monitor-type.ts';
import { createObjectives } from './objectives/objectives.ts';
import { createPartReader } from './parts/part-reader.ts';
import { type MonitoringPlan, planFor } from './plan.ts';
import * as monitorStore from './state/monitor-store.ts';
import { createThresholds, type Thresholds } from './thresholds/keeper.ts';

export interface MonitoringDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly net: Net;
  /** For monitors that came in through the API: it leads nowhere but to the internet. */
  readonly apiNet: Net;
  readonly host: HostLook;
  readonly browser: Browser;
  /** Where to keep what was seen when something went wrong; without it nothing is kept. */
  readonly pictures?: Pick<Pictures, 'keep'>;
  readonly environment: string;
  /** False in a process that only shows what others check. */
  readonly runsChecks: boolean;
  /** Others may run checks on the same database: the work is shared with them. */
  readonly sharesChecks?: boolean;
  /** An address that always fails, so that there is always one failure that must be noticed. */
  readonly canaryUrl?: string | null;
}

export interface Monitoring extends Pings, Saying {
  readonly facts: MonitoringFacts;
  readonly history: HistoryReader & {
    /** Adds what others measured before. Throws MONITOR_UNKNOWN. */
    addPast(name: string, past: Past): Promise<PastAdded>;
  };
  readonly maintenance: MaintenanceDesk;
  readonly objectives: { readonly facts: ObjectiveFacts };
  readonly thresholds: Pick<Thresholds, 'facts' | 'rules'>;
  /** Where probes learn what to check, and hand in what they found. */
  readonly probes: ProbeDesk;
  /** Does exactly this from now on. */
  apply(plan: MonitoringPlan): Promise<void>;
  /** Checks, and says what follows; only in a process that runs checks. */
  start(): void;
  /** Misses what should be checked and is not, by whomever; the more processes do, the better. */
  startWatchdog(): void;
  /** Somebody opened or ended maintenance, perhaps in another process. */
  refreshMaintenance(): void;
  stop(): Promise<void>;
  /** Checks one monitor now; resolves when the result can be read too. Null when nothing could be said. */
  checkNow(name: string): Promise<CheckResult | null>;
  /** Makes hours and days of the checks of those that are over. */
  rollUp(signal: AbortSignal): Promise<void>;
  /** Rolls up what is over, and forgets what is older than it is kept; returns how many results. States are kept. */
  tidy(signal: AbortSignal): Promise<number>;
  /** What the latest check told of the parts of its target; empty when it is not fresh any more. */
  parts(name: string): Promise<readonly Part[]>;
  /** Newest first. */
  results(name: string, range: { since: number; limit: number }): Promise<readonly resultStore.ResultRecord[]>;
}

/** Watches, remembers and answers: everything monitoring does, behind one door. */
export function createMonitoring(deps: MonitoringDeps): Monitoring {
  const { db, clock, ids, log, environment, runsChecks, sharesChecks = false, canaryUrl = null } = deps;
  let plan: MonitoringPlan = planFor([]);
  const monitors = () => plan.monitors;
  const maintenance = createMaintenance({ ...deps, onChange: () => undefined });
  const { calendar } = maintenance;
  const thresholds = createThresholds(deps);
  const objectives = createObjectives({ ...deps, calendar });
  const silence = createSilenceWatch({ ...deps, monitors });
  const engine = runsChecks ? createEngine({ ...deps, sharesChecks, canaryUrl, calendar, thresholds }) : undefined;
  const watchdog = createWatchdog({
    ...deps,
    self: ids.next('proc'),
    monitors: () => engine?.watched() ?? plan.monitors,
    isResting: (name, at) => calendar().openFor(name, at)?.pausesChecks === true,
    ...(engine && { connectivity: engine.connectivity }),
  });

  return {
    ...createPings({ ...deps, monitors, heard: (name) => void engine?.checkNow(name) }),
    ...createSaying({ ...deps, monitors, heard: saidOf }),
    facts: createFacts({ ...deps, monitors, calendar, readings: (name) => engine?.readings(name) ?? {} }),
    history: historyOf(deps),
    maintenance: maintenance.desk,
    objectives,
    thresholds: { facts: thresholds.facts, rules: () => plan.thresholds },
    // Whoever checks reads from the database what probes handed in, so it does not matter which process they met.
    probes: createProbeDesk({ ...deps, monitors, written: () => plan.written, heard: () => undefined }),

    async apply(next) {
      // A monitor that is paused must not be checked once before that is known.
      await maintenance.apply(next.maintenance, next.monitors);
      await engine?.apply(next);
      plan = next;
      objectives.apply(next.objectives);
    },
    start() {
      engine?.start();
      silence.start();
      objectives.start();
      maintenance.start();
    },
    startWatchdog: watchdog.start,
    refreshMaintenance() {
      maintenance.refresh().catch((error: unknown) => log.warn('Maintenance could not be read again.', { error }));
    },
    async stop() {
      await Promise.all([watchdog.stop(), silence.stop(), objectives.stop(), maintenance.stop()]);
      await engine?.stop();
    },

    async checkNow(name) {
      if (monitors().every((monitor) => monitor.name !== name)) throw errors.MONITOR_UNKNOWN({ name });
      const result = await engine?.checkNow(name);
      if (engine === undefined || result === undefined) throw errors.MONITOR_NOT_ACTIVE({ name });
      await engine.flush();
      return result;
    },
    parts: createPartReader({ db, clock, environment, monitors }),
    rollUp: (signal) => rollUp({ db, clock }, signal),
    tidy: (signal) => tidy({ db, clock, environment }, plan.retention, signal),
    async results(name, range) {
      return resultStore.listSince(db, (await monitorStore.named(db, environment, name)).id, range);
    },
  };

  /** Whoever says something wants to see it. */
  async function saidOf(name: string): Promise<void> {
    // A look that was under way may have begun before it was said.
    await engine?.checkNow(name);
    await engine?.checkNow(name);
    await engine?.flush();
  }
}

/** What was found out, and what was found out elsewhere before. */
function historyOf({ db, environment }: MonitoringDeps): Monitoring['history'] {
  return {
    ...createHistoryReader({ db, environment }),
    addPast: (name, past) => addPast({ db, environment }, name, past),
  };
}
