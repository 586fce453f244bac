import { CANARY } from '../contracts/canary.ts';
import type { Db } from '../contracts/database.ts';
import type { Browser } from '../kernel/browser.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HostLook } from '../kernel/host.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Net } from '../kernel/net.ts';
import type { Pictures } from '../kernel/pictures.ts';
import { canaryMonitor } from './coverage/canary.ts';
import { type ConnectivityGuard, createConnectivityGuard } from './coverage/connectivity.ts';
import type { MaintenanceCalendar } from './maintenance/calendar.ts';
import type { Monitor } from './monitor.ts';
import type { MonitoringPlan } from './plan.ts';
import { type Checks, createChecks } from './scheduling/checks.ts';
import { SOLE_OWNER } from './scheduling/ownership.ts';
import { createSharedOwnership } from './shards/shared-ownership.ts';
import type { Thresholds } from './thresholds/keeper.ts';

export interface EngineDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly net: Net;
  readonly apiNet: Net;
  readonly host: HostLook;
  readonly browser: Browser;
  readonly pictures?: Pick<Pictures, 'keep'>;
  readonly environment: string;
  readonly sharesChecks: boolean;
  /** Where something always fails; null where nobody looks whether that is noticed. */
  readonly canaryUrl: string | null;
  readonly calendar: () => MaintenanceCalendar;
  readonly thresholds: Thresholds;
}

/** What a process that checks runs: the checks, those of them that are ours, and what is measured by them. */
export interface Engine extends Pick<Checks, 'checkNow' | 'flush' | 'readings'> {
  readonly connectivity: ConnectivityGuard;
  /** Everything that is checked: what the manifest names, and the canary. */
  watched(): readonly Monitor[];
  apply(plan: MonitoringPlan): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export function createEngine(deps: EngineDeps): Engine {
  const { clock, log, net, sharesChecks, canaryUrl, calendar, thresholds } = deps;
  const canary = canaryUrl === null ? [] : [canaryMonitor(canaryUrl)];
  let references: MonitoringPlan['connectivity'] = [];
  let watched: readonly Monitor[] = canary;
  const connectivity = createConnectivityGuard({ clock, net, log, references: () => references });
  const shared = sharesChecks ? createSharedOwnership({ ...deps, checks: () => followers }) : undefined;
  const checks = createChecks({
    ...deps,
    ownership: shared ?? SOLE_OWNER,
    connectivity,
    calendar,
    onResult(watch, at, result) {
      if (watch.monitor.name !== CANARY) thresholds.hear(watch, at, result);
    },
  });
  const followers = {
    async takeOver(isGained: (monitorId: number) => boolean) {
      await checks.takeOver(isGained);
      await thresholds.refresh();
    },
    share: checks.share,
  };

  return {
    connectivity,
    watched: () => watched,
    async apply(plan) {
      references = plan.connectivity;
      watched = [...plan.monitors, ...canary];
      await checks.apply(watched);
      // Only now every monitor has its number.
      await thresholds.apply(plan.monitors, plan.thresholds);
    },
    start() {
      checks.start();
      shared?.start();
    },
    async stop() {
      await checks.stop();
      await thresholds.stop();
      // Only now: what was found until here is written down as ours.
      await shared?.stop();
    },
    checkNow: checks.checkNow,
    flush: checks.flush,
    readings: checks.readings,
  };
}
