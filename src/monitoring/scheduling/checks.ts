import type { Db } from '../../contracts/database.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Ids } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import type { Net } from '../../kernel/net.ts';
import * as pingStore from '../heartbeats/ping-store.ts';
import * as resultStore from '../history/result-store.ts';
import { createResultWriter } from '../history/result-writer.ts';
import type { Monitor } from '../monitor.ts';
import { createJudge } from '../state/judge.ts';
import { register } from '../state/registration.ts';
import { type Watch, watchOver } from '../state/watch.ts';
import { monitorTypes } from '../types/index.ts';
import { runCheck } from './check-runner.ts';
import { createScheduler } from './scheduler.ts';

export interface ChecksDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly net: Net;
  readonly environment: string;
}

/** The engine: runs what is due, judges what comes back, and commits what is confirmed. */
export interface Checks {
  /** Watches exactly these from now on; an unchanged monitor keeps its phase and what is known of it. */
  apply(monitors: readonly Monitor[]): Promise<void>;
  start(): void;
  /** Finishes what is under way and writes down every result. */
  stop(): Promise<void>;
  /** Checks one monitor now, or waits for the check under way. False when it is not watched here. */
  checkNow(name: string): Promise<boolean>;
  /** Resolves when every result so far can be read from the database. */
  flush(): Promise<void>;
}

const STALENESS_LOOK_MS = 2 * SECOND_MS;

export function createChecks({ db, clock, ids, log, net, environment }: ChecksDeps): Checks {
  const stopping = new AbortController();
  const runnerDeps = { clock, net, log, stopping: stopping.signal };
  const writer = createResultWriter({ db, clock, log });
  const scheduler = createScheduler({ clock, run: check });
  let watches: ReadonlyMap<string, Watch> = new Map();
  const judge = createJudge({ db, clock, log, environment, writer, scheduler, watchOf: (name) => watches.get(name) });
  let sweeping: Promise<void> | undefined;

  return {
    async apply(monitors) {
      await writer.flush();
      watches = await renew(monitors);
      await judge.sweep(watches.values());
      scheduler.set(monitors.map(({ name, intervalMs }) => ({ name, intervalMs })));
    },
    start() {
      scheduler.start();
      sweeping ??= keepSweeping();
    },
    async stop() {
      stopping.abort();
      await Promise.all([scheduler.stop(), sweeping]);
      await writer.close();
    },
    checkNow: (name) => scheduler.trigger(name),
    flush: () => writer.flush(),
  };

  async function renew(monitors: readonly Monitor[]): Promise<ReadonlyMap<string, Watch>> {
    const registration = { environment, ids, at: clock.now() };
    const records = await db.quiet('a monitor is announced when its state is', (tx) =>
      register(tx, monitors, registration),
    );
    const results = await resultStore.latest(
      db,
      [...records.values()].map(({ id }) => id),
    );
    const renewed = monitors.flatMap((monitor) => {
      const record = records.get(monitor.name);
      if (record === undefined) return [];
      return [watchOver(monitor, record, { before: watches.get(monitor.name), lastResult: results.get(record.id) })];
    });
    return new Map(renewed.map((watch) => [watch.monitor.name, watch]));
  }

  async function check(name: string): Promise<void> {
    const watch = watches.get(name);
    if (watch === undefined) return;
    const { monitor, record } = watch;
    try {
      const lastPing = monitorTypes.get(monitor.type).isPush ? await pingStore.latest(db, record.id) : null;
      const subject = { monitor, check: watch.check, watchedSince: record.watchedSince, lastPing };
      const result = await runCheck(subject, runnerDeps);
      // A reload may have come meanwhile: what holds now is what has to hear of it.
      const current = watches.get(name);
      if (result !== undefined && current?.record.id === record.id) await judge.hear(current, result);
    } catch (error) {
      // Nothing was committed, so the next check finds the same and tries again.
      log.error('What a check found could not be stored.', { monitor: name, error });
    }
  }

  async function keepSweeping(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(STALENESS_LOOK_MS, stopping.signal).catch(() => undefined);
      await judge
        .sweep(watches.values())
        .catch((error: unknown) => log.error('Stale monitors could not be marked.', { error }));
    }
  }
}
