import { type Alerting, createAlerting } from '../alerting/index.ts';
import { type Backups, createBackups } from '../backups/index.ts';
import type { Jobs } from '../contracts/jobs.ts';
import { createDelivery, type Delivery } from '../delivery/index.ts';
import type { Browser } from '../kernel/browser.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Exec } from '../kernel/exec.ts';
import type { HostLook } from '../kernel/host.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Net } from '../kernel/net.ts';
import type { Pictures } from '../kernel/pictures.ts';
import { createMonitoring, type Monitoring } from '../monitoring/index.ts';
import type { Database } from '../platform/sql/database.ts';
import type { EventStream } from '../platform/sql/event-stream.ts';
import { localAddress } from './address.ts';
import { backupKeys } from './backup-keys.ts';
import type { Config } from './config.ts';
import type { Described } from './described.ts';
import type { ProcessRole } from './roles.ts';
import { VERSION } from './version.ts';

export interface AreasDeps {
  readonly config: Config;
  readonly roles: readonly ProcessRole[];
  readonly environment: string;
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly net: Net;
  /** Leads nowhere but to the internet. */
  readonly apiNet: Net;
  readonly host: HostLook;
  readonly browser: Browser;
  readonly pictures: Pictures;
  readonly canaryUrl: string | null;
  readonly exec: Exec;
  readonly jobs: Jobs;
}

/** The areas of one Evenkeel, wired to each other by events, facts and commands. */
export interface Areas {
  readonly monitoring: Monitoring;
  readonly delivery: Delivery;
  readonly alerting: Alerting;
  readonly backups: Backups;
  /** From now on they do what is described. */
  apply(described: Described): Promise<void>;
  /** Starts what the roles of this process say. */
  start(stream: EventStream): Promise<void>;
}

/** What is opened here is closed by `opening`, in the reverse order. */
export function createAreas(deps: AreasDeps, opening: AsyncDisposableStack): Areas {
  const { config, roles, environment, db, clock, ids, log, net, apiNet, host, browser, canaryUrl, exec, jobs } = deps;
  const { pictures } = deps;
  const runsChecks = roles.includes('checks');
  const monitoring = opening.adopt(
    createMonitoring({
      db,
      clock,
      ids,
      log,
      net,
      apiNet,
      host,
      browser,
      pictures,
      environment,
      runsChecks,
      sharesChecks: true,
      canaryUrl,
    }),
    (area) => area.stop(),
  );
  const delivery = opening.adopt(createDelivery({ db, clock, ids, log, net, environment, mail: config.mail }), (area) =>
    area.stop(),
  );
  const links = { statusPage: () => `${config.publicUrl ?? localAddress(config)}/` };
  const alerting = createAlerting({ db, ids, log, environment, outbound: delivery.outbound, links });

  const backups = createBackups({
    db,
    clock,
    ids,
    log,
    exec,
    jobs,
    environment,
    version: VERSION,
    keys: backupKeys(config),
  });

  return {
    monitoring,
    delivery,
    alerting,
    backups,
    async apply(next) {
      // Whoever may be told is known before there is anything to tell.
      delivery.apply(next.channels);
      alerting.apply(next.alerting);
      await backups.apply(next.backups);
      await monitoring.apply(next.monitoring);
    },
    async start(stream) {
      if (roles.includes('delivery')) {
        await stream.listen(({ name }) => {
          if (name === 'message.queued') delivery.wake();
        });
        stream.consume(alerting.consumer);
        delivery.start();
      }
      await stream.listen(({ name }) => {
        if (name === 'maintenance.started' || name === 'maintenance.ended') monitoring.refreshMaintenance();
      });
      if (runsChecks) monitoring.start();
      if (runsChecks || roles.includes('delivery')) monitoring.startWatchdog();
    },
  };
}
