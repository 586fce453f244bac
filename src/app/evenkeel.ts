import path from 'node:path';
import { createIdentity } from '../identity/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Net } from '../kernel/net.ts';
import type { Secret } from '../kernel/secret.ts';
import { createBrowser } from '../platform/browser/browser.ts';
import { createExec } from '../platform/exec/exec.ts';
import { createHostLook } from '../platform/host/host-look.ts';
import { createNet } from '../platform/net/net.ts';
import { createPictures } from '../platform/pictures.ts';
import { createEventStream } from '../platform/sql/event-stream.ts';
import { migrateUp } from '../platform/sql/migrate.ts';
import { createSystemIds } from '../platform/system-ids.ts';
import { type Areas, createAreas } from './areas.ts';
import { openCanaryTarget } from './canary-target.ts';
import type { Config, Variables } from './config.ts';
import { claimDataFolder, socketPath } from './data-folder.ts';
import { housekeeping, rollingUp } from './housekeeping.ts';
import { createManifestControl, type ManifestControl } from './manifest-control.ts';
import { migrations } from './migrations.ts';
import { openDatabase } from './open-database.ts';
import { openJobs } from './open-jobs.ts';
import type { ProcessRole } from './roles.ts';
import { createWeb } from './web.ts';

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
export interface Evenkeel extends Pick<Areas, 'monitoring' | 'delivery' | 'alerting' | 'backups'> {
  readonly manifest: ManifestControl;
  /** The first owner's token, once in the life of a database. */
  ensureOwner(): Promise<Secret | undefined>;
  /** Starts what its roles say; resolves with the address of the page, or null where there is none. */
  start(): Promise<{ readonly address: string | null }>;
  /** Finishes what is under way, writes down what is known, closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** Whatever fails on the way closes what was opened until then. */
export async function createEvenkeel(options: EvenkeelOptions): Promise<Evenkeel> {
  const { config, roles, clock, log } = options;
  const ids = createSystemIds(clock);
  await using opening = new AsyncDisposableStack();

  await claimDataFolder(config.dataDir);
  const db = opening.adopt(await openDatabase(config, { clock, log }), (open) => open.close());
  const steps = await migrateUp(db, migrations, clock.now());
  if (steps.length > 0) log.info('The database schema was brought up to date.', { steps });

  const manifest = await createManifestControl({ ...options, db });
  const { environment } = manifest.described().model;
  const identity = opening.adopt(createIdentity({ db, clock, ids, log, environment }), (open) => open.close());
  const jobs = opening.adopt(await openJobs(config, { db, clock, ids, log }), (runner) => runner.stop());
  const stream = opening.adopt(createEventStream({ db, clock, log }), (open) => open.stop());
  const canary = roles.includes('checks') ? opening.adopt(await openCanaryTarget(), (target) => target.close()) : null;
  const canaryUrl = canary?.url ?? null;
  const outside = outsideOf(options);
  opening.defer(() => outside.browser.close());
  const areas = createAreas({ ...options, ...outside, canaryUrl, db, ids, jobs, environment }, opening);
  const { monitoring, delivery, alerting, backups } = areas;
  await manifest.applyTo(areas.apply);

  const life = { hasStarted: false, isStopping: false };
  const web = await createWeb({
    ...options,
    ...areas,
    pictures: outside.pictures,
    db,
    manifest,
    identity,
    stream,
    life,
  });
  opening.defer(() => web.close());
  opening.defer(() => manifest.stop());
  // From here on it is the caller who closes, in the reverse order: the door first, then the work, then the database.
  const opened = opening.move();

  return {
    monitoring,
    delivery,
    alerting,
    backups,
    manifest,
    ensureOwner: async () => (await identity.ensureOwner())?.secret,
    async start() {
      await web.openSocket(socketPath(config.dataDir));
      const address = roles.includes('web') ? await web.open() : null;
      await areas.start(stream);
      if (roles.includes('jobs')) {
        await outside.exec.sweep();
        await jobs.start([
          ...backups.jobs,
          rollingUp(areas),
          housekeeping({ ...areas, db, audit: identity.audit, clock, log }),
        ]);
        await backups.start();
      }
      manifest.watch();
      life.hasStarted = true;
      log.info('Evenkeel is running.', { address, roles, environment, engine: db.engine, dataFolder: config.dataDir });
      return { address };
    },
    async stop() {
      life.isStopping = true;
      await opened.disposeAsync();
      log.info('Evenkeel has stopped.');
    },
  };
}

/** What areas reach beside the database, each behind its port. */
function outsideOf({ config, clock }: EvenkeelOptions) {
  return {
    apiNet: createNet({ policy: 'api', clock }),
    exec: createExec(),
    host: createHostLook({ clock, folder: path.dirname(config.manifest) }),
    browser: createBrowser({ clock, program: config.browser }),
    pictures: createPictures(path.join(config.dataDir, 'pictures')),
  };
}
