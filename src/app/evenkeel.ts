import { setInterval } from 'node:timers';
import { createClientOf, createHttpFace } from '../faces/http/index.ts';
import { createPublicFace } from '../faces/public/public-face.ts';
import { createIdentity } from '../identity/index.ts';
import type { Clock } from '../kernel/clock.ts';
import { SECOND_MS } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Net } from '../kernel/net.ts';
import type { Secret } from '../kernel/secret.ts';
import { createMonitoring, type Monitoring } from '../monitoring/index.ts';
import { createEventStream } from '../platform/sql/event-stream.ts';
import { migrateUp } from '../platform/sql/migrate.ts';
import { createSystemIds } from '../platform/system-ids.ts';
import { createStatus } from '../status/index.ts';
import type { Config, Variables } from './config.ts';
import { claimDataFolder, socketPath } from './data-folder.ts';
import { housekeeping } from './housekeeping.ts';
import { createManifestControl, type ManifestControl } from './manifest-control.ts';
import { migrations } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import { openJobs } from './open-jobs.ts';
import { createSelf } from './self.ts';

export const ROLES = ['web', 'checks', 'jobs'] as const;
export type ProcessRole = (typeof ROLES)[number];

export interface EvenkeelOptions {
  readonly config: Config;
  /** What `${NAME}` in the manifest is filled in from. */
  readonly variables: Variables;
  readonly roles: readonly ProcessRole[];
  readonly clock: Clock;
  readonly log: Log;
  readonly net: Net;
}

/** One Evenkeel, wired and ready: everything is open and described, and nothing runs yet. */
export interface Evenkeel {
  readonly monitoring: Monitoring;
  readonly manifest: ManifestControl;
  /** The first owner's token, once in the life of a database. */
  readonly firstToken: Secret | undefined;
  /** Starts what its roles say; resolves with the address of the page. */
  start(): Promise<{ readonly address: string }>;
  /** Finishes what is under way, writes down what is known, closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** The page says when it was last checked; events make it new at once, and this keeps that time honest. */
const PAGE_EVERY_MS = 5 * SECOND_MS;

export async function createEvenkeel(options: EvenkeelOptions): Promise<Evenkeel> {
  const { config, roles, clock, log, net } = options;
  const life = { hasStarted: false, isStopping: false };
  const lifecycle = { hasStarted: () => life.hasStarted, isStopping: () => life.isStopping };
  const ids = createSystemIds(clock);

  await claimDataFolder(config.dataDir);
  const db = await openDatabase(config, { clock, log });
  const steps = await migrateUp(db, migrations, clock.now());
  if (steps.length > 0) log.info('The database schema was brought up to date.', { steps });

  const manifest = await createManifestControl({ ...options, db });
  const { environment } = manifest.described().model;
  const identity = createIdentity({ db, clock, ids, log, environment });
  const runsChecks = roles.includes('checks');
  const monitoring = createMonitoring({ db, clock, ids, log, net, environment, runsChecks });
  await manifest.applyTo(monitoring);

  const jobs = await openJobs(config, { db, clock, ids, log });
  const stream = createEventStream({ db, clock, log });
  const status = createStatus({ clock, monitoring: monitoring.facts, described: manifest.described });
  const clientOf = createClientOf(config.trustedProxies);
  const page = createPublicFace({ status, clock, log, addressOf: clientOf });
  const self = createSelf({ config, engine: db.engine, environment, startedAt: clock.now() });
  const http = await createHttpFace({
    deps: {
      monitoring,
      history: monitoring.history,
      manifest,
      model: manifest.model,
      identity,
      self,
      clock,
      database: db,
      lifecycle,
    },
    clock,
    log,
    snapshots: page,
    clientOf,
    isHttps: config.publicUrl?.startsWith('https:') ?? false,
  });
  const firstToken = (await identity.ensureOwner())?.secret;
  let repainting: NodeJS.Timeout | undefined;
  let stopped: Promise<void> | undefined;

  return {
    monitoring,
    manifest,
    firstToken,
    async start() {
      const address = await startWeb();
      if (runsChecks) monitoring.start();
      if (roles.includes('jobs')) await jobs.start([housekeeping({ db, monitoring, clock, log })]);
      manifest.watch();
      life.hasStarted = true;
      log.info('Evenkeel is running.', { address, roles, environment, engine: db.engine, dataFolder: config.dataDir });
      return { address };
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };

  async function startWeb(): Promise<string> {
    await http.listenSocket(socketPath(config.dataDir));
    if (!roles.includes('web')) return 'none';
    await page.refresh();
    const port = await http.listen(config);
    await stream.listen(() => void page.refresh());
    manifest.onApplied(() => void page.refresh());
    repainting = setInterval(() => void page.refresh(), PAGE_EVERY_MS);
    return config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  }

  /** The door first, then the work, then what the work writes to. */
  async function stop(): Promise<void> {
    life.isStopping = true;
    clearInterval(repainting);
    manifest.stop();
    await http.close();
    await Promise.all([monitoring.stop(), jobs.stop(), stream.stop()]);
    await identity.close();
    await db.close();
    log.info('Evenkeel has stopped.');
  }
}
