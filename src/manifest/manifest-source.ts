import { SECOND_MS } from '../kernel/clock.ts';
import { type LoadOptions, loadManifest } from './load.ts';
import {
  type Attempt,
  createManifestInForce,
  type ManifestInForceDeps,
  type ManifestSourceStatus,
  type ReloadResult,
} from './manifest-in-force.ts';
import { witness } from './witnessed-files.ts';

const POLL_MS = 2 * SECOND_MS;
/** An editor that saves in two steps is done by then. */
const SETTLE_MS = 250;

export interface ManifestSourceDeps extends LoadOptions, ManifestInForceDeps {}

/** The manifest over time. */
export interface ManifestSource {
  status(): ManifestSourceStatus;
  /** Reads now, without waiting for an editor. A dry run says what would come of it and changes nothing. */
  reload(options?: { readonly dryRun?: boolean }): Promise<ReloadResult>;
  /** Looks for changes every two seconds from now on. */
  start(): void;
  stop(): Promise<void>;
}

export function createManifestSource(deps: ManifestSourceDeps): ManifestSource {
  const { clock, log } = deps;
  const force = createManifestInForce(deps);
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  /** One look at a time: a poll must not overtake a reload. */
  let queue: Promise<unknown> = Promise.resolve();

  return {
    status: force.status,
    reload: ({ dryRun = false } = {}) => inTurn(async () => force.conclude(await attempt(), dryRun)),
    start() {
      running = poll();
    },
    async stop() {
      stopping.abort();
      await running;
      await queue;
    },
  };

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  }

  async function attempt(): Promise<Attempt> {
    const files = witness(deps.files);
    return { result: await loadManifest({ ...deps, files }), files };
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await clock.sleep(POLL_MS, stopping.signal);
        await inTurn(look);
      } catch (error) {
        if (!stopping.signal.aborted) log.error('Looking for a new manifest failed.', { error });
      }
    }
  }

  async function look(): Promise<void> {
    if ((await force.newest()?.isUnchanged()) === true) return;
    const candidate = await attempt();
    // Half of a file may be a right file: it counts only when it reads the same twice.
    await clock.sleep(SETTLE_MS, stopping.signal);
    if (await candidate.files.isUnchanged()) await force.conclude(candidate, false);
  }
}
