import type { Db } from '../contracts/database.ts';
import { type Clock, SECOND_MS } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Net } from '../kernel/net.ts';
import { runCheck } from './check-runner.ts';
import type { Monitor } from './monitor.ts';
import * as monitorStore from './monitor-store.ts';
import type { CheckResult } from './monitor-type.ts';
import * as pingStore from './ping-store.ts';
import { register } from './registration.ts';
import * as resultStore from './result-store.ts';
import { createResultWriter } from './result-writer.ts';
import { rootCauseOf } from './root-cause.ts';
import { createScheduler } from './scheduler.ts';
import { commitState } from './state-commit.ts';
import { monitorTypes } from './types/index.ts';
import { isFailing, observe, unknownSince, type Watch } from './watch.ts';

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

interface StateFound {
  readonly state: Watch['record']['state'];
  readonly since: number;
  readonly reason: string | null;
}

export function createChecks({ db, clock, ids, log, net, environment }: ChecksDeps): Checks {
  const stopping = new AbortController();
  const runnerDeps = { clock, net, log, stopping: stopping.signal };
  const writer = createResultWriter({ db, clock, log });
  const scheduler = createScheduler({ clock, run: check });
  let watches: ReadonlyMap<string, Watch> = new Map();
  let sweeping: Promise<void> | undefined;

  return {
    async apply(monitors) {
      await writer.flush();
      const registration = { environment, ids, at: clock.now() };
      const records = await db.quiet('a monitor is announced when its state is', (tx) =>
        register(tx, monitors, registration),
      );
      const seen = await resultStore.latest(
        db,
        [...records.values()].map(({ id }) => id),
      );
      watches = new Map(
        monitors.flatMap((monitor) => {
          const record = records.get(monitor.name);
          return record === undefined ? [] : [[monitor.name, watchOf(monitor, record, seen.get(record.id)?.at)]];
        }),
      );
      await sweep();
      scheduler.set(monitors.map(({ name, intervalMs }) => ({ name, intervalMs })));
    },
    start() {
      scheduler.start();
      sweeping ??= keepSweeping();
    },
    async stop() {
      stopping.abort();
      await Promise.all([scheduler.stop(), sweeping]);
      await writer.flush();
    },
    checkNow: (name) => scheduler.trigger(name),
    flush: () => writer.flush(),
  };

  function watchOf(monitor: Monitor, record: Watch['record'], resultAt: number | undefined): Watch {
    const known = watches.get(monitor.name);
    return {
      monitor,
      record,
      check: monitorTypes.get(monitor.type).prepare(monitor.settings),
      recent: known?.recent ?? [],
      lastSeenAt: known?.lastSeenAt ?? Math.max(resultAt ?? 0, record.since),
    };
  }

  async function check(name: string): Promise<void> {
    const watch = watches.get(name);
    if (watch === undefined) return;
    const { monitor, record } = watch;
    try {
      const lastPing = monitorTypes.get(monitor.type).isPush ? await pingStore.latest(db, record.id) : null;
      const subject = { monitor, check: watch.check, watchedSince: record.watchedSince, lastPing };
      const result = await runCheck(subject, runnerDeps);
      if (result !== undefined) await judge(watch, result);
    } catch (error) {
      // Nothing was committed, so the next check finds the same and tries again.
      log.error('What a check found could not be stored.', { monitor: name, error });
    }
  }

  async function judge(watch: Watch, result: CheckResult): Promise<void> {
    const at = clock.now();
    const reason = result.state === 'up' ? null : result.reason;
    writer.write(watch.record.id, { at, outcome: result.state, latencyMs: result.latencyMs ?? null, reason });
    const confirmed = observe(watch, result, at);
    if (confirmed !== undefined) await commit(watch, { ...confirmed, reason });
  }

  async function commit(watch: Watch, { state, since, reason }: StateFound): Promise<void> {
    const { monitor } = watch;
    const rootCause = state === 'down' || state === 'degraded' ? causeOf(monitor.name) : null;
    const change = { environment, state, at: since, confirmedAt: clock.now(), reason, rootCause };
    const record = await db.tx(async (tx) => commitState(tx, watch.record, change));
    if (record === undefined) {
      // Somebody else was faster: an overtaken check, or another process. What they committed is the truth now.
      watch.record = (await monitorStore.find(db, watch.record.id)) ?? watch.record;
      return;
    }
    watch.record = record;
    log.info('A monitor changed its state.', { monitor: monitor.name, state, since: record.since, reason, rootCause });
  }

  function causeOf(name: string): string {
    return rootCauseOf(name, {
      dependsOn: (other) => watches.get(other)?.monitor.dependsOn ?? [],
      isFailing: (other) => isFailing(watches.get(other)),
    });
  }

  /** What has not been checked for too long is unknown, and not as green as it was. */
  async function sweep(): Promise<void> {
    for (const watch of watches.values()) {
      const since = unknownSince(watch, clock.now());
      if (since === undefined) continue;
      watch.recent = [];
      await commit(watch, { state: 'unknown', since, reason: 'It was not checked.' });
    }
  }

  async function keepSweeping(): Promise<void> {
    while (!stopping.signal.aborted) {
      await clock.sleep(STALENESS_LOOK_MS, stopping.signal).catch(() => undefined);
      await sweep().catch((error: unknown) => log.error('Stale monitors could not be marked.', { error }));
    }
  }
}
