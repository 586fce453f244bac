import { createClientOf, createHttpFace } from '../faces/http/index.ts';
import { createPublicFace } from '../faces/public/public-face.ts';
import type { Identity } from '../identity/index.ts';
import { type Clock, SECOND_MS } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Pictures } from '../kernel/pictures.ts';
import { diskFiles } from '../platform/files.ts';
import type { Database } from '../platform/sql/database.ts';
import type { EventStream } from '../platform/sql/event-stream.ts';
import { createStatus } from '../status/index.ts';
import { localAddress } from './address.ts';
import type { Areas } from './areas.ts';
import type { Config } from './config.ts';
import type { ManifestControl } from './manifest-control.ts';
import { createMonitorParts } from './monitor-parts.ts';
import { createSelf } from './self.ts';

export interface WebDeps extends Pick<Areas, 'monitoring' | 'delivery' | 'alerting' | 'backups'> {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Database;
  readonly manifest: ManifestControl;
  readonly identity: Identity;
  readonly pictures: Pictures;
  readonly stream: EventStream;
  readonly life: { readonly hasStarted: boolean; readonly isStopping: boolean };
}

/** The public page and the API, behind one port. */
export interface Web {
  /** The owner's door on this machine. */
  openSocket(path: string): Promise<void>;
  /** Everybody's door; resolves with its address. */
  open(): Promise<string>;
  close(): Promise<void>;
}

/** Events make the page new at once; this keeps the time of the last check on it honest. */
const PAGE_EVERY_MS = 5 * SECOND_MS;

export async function createWeb(deps: WebDeps): Promise<Web> {
  const { config, clock, log, db, manifest, monitoring, delivery, alerting, backups, stream, life } = deps;
  const status = createStatus({
    clock,
    monitoring: monitoring.facts,
    backups: backups.facts,
    delivery: delivery.facts,
    described: manifest.described,
  });
  const clientOf = createClientOf(config.trustedProxies);
  const isHttps = config.publicUrl?.startsWith('https:') ?? false;
  const page = createPublicFace({ status, clock, log, addressOf: clientOf, isHttps });
  // The port was chosen before, so this is known before anything listens.
  const address = config.publicUrl ?? localAddress(config);
  const { environment } = manifest.described().model;
  const http = await createHttpFace({
    deps: {
      monitoring,
      maintenance: monitoring.maintenance,
      objectives: monitoring.objectives,
      thresholds: monitoring.thresholds,
      alerting,
      delivery,
      backups,
      probes: monitoring.probes,
      history: monitoring.history,
      pictures: deps.pictures,
      manifest,
      parts: createMonitorParts({ manifest, load: manifest.load, files: diskFiles }),
      model: manifest.model,
      identity: deps.identity,
      self: createSelf({ config, engine: db.engine, environment, startedAt: clock.now() }),
      clock,
      database: db,
      address: () => address,
      lifecycle: { hasStarted: () => life.hasStarted, isStopping: () => life.isStopping },
    },
    clock,
    log,
    snapshots: page,
    clientOf,
    isHttps,
  });
  let repainting: NodeJS.Timeout | undefined;

  return {
    openSocket: (path) => http.listenSocket(path),
    async open() {
      await page.refresh();
      await stream.listen(() => void page.refresh());
      manifest.onApplied(() => void page.refresh());
      repainting = setInterval(() => void page.refresh(), PAGE_EVERY_MS);
      await http.listen(config);
      return address;
    },
    async close() {
      clearInterval(repainting);
      await http.close();
    },
  };
}
