import type { Db } from '../../contracts/database.ts';
import type { State } from '../../contracts/state.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { ResultWriter } from '../history/result-writer.ts';
import type { CheckResult } from '../monitor-type.ts';
import type { Scheduler } from '../scheduling/scheduler.ts';
import { createCauseFinder } from './cause-finder.ts';
import { isWorse } from './confirmation.ts';
import * as monitorStore from './monitor-store.ts';
import { commitState } from './state-commit.ts';
import { NOT_CHECKED, observe, unknownSince, type Watch } from './watch.ts';

export interface JudgeDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: string;
  readonly writer: ResultWriter;
  readonly scheduler: Pick<Scheduler, 'trigger'>;
  readonly watchOf: (name: string) => Watch | undefined;
}

/** Makes states of results: writes down what a check said, and commits what is confirmed by it. */
export interface Judge {
  hear(watch: Watch, result: CheckResult): Promise<void>;
  /**
   * Learns what others committed: another process, or a check that a reload has overtaken. Then, what has not been
   * checked for too long is unknown, and not as green as it was.
   */
  sweep(watches: Iterable<Watch>): Promise<void>;
}

interface StateFound {
  readonly state: State;
  readonly since: number;
  readonly reason: string | null;
}

export function createJudge({ db, clock, log, environment, writer, scheduler, watchOf }: JudgeDeps): Judge {
  const causes = createCauseFinder({ clock, watchOf, check: scheduler.trigger });

  return {
    async hear(watch, result) {
      const at = clock.now();
      const reason = result.state === 'up' ? null : result.reason;
      writer.write(watch.record.id, { at, outcome: result.state, latencyMs: result.latencyMs ?? null, reason });
      const confirmed = observe(watch, result, at);
      if (confirmed !== undefined) await commit(watch, { ...confirmed, reason });
    },
    async sweep(watches) {
      const all = [...watches];
      await catchUp(all);
      for (const watch of all) await markStale(watch);
    },
  };

  async function catchUp(watches: readonly Watch[]): Promise<void> {
    const seen = watches.map((watch) => ({ watch, record: watch.record }));
    const stored = new Map((await monitorStore.list(db, environment)).map((record) => [record.id, record]));
    for (const { watch, record } of seen) {
      // What was committed here while the database answered is newer than its answer.
      if (watch.record === record) watch.record = stored.get(record.id) ?? record;
    }
  }

  async function markStale(watch: Watch): Promise<void> {
    const since = unknownSince(watch, clock.now());
    if (since === undefined) return;
    watch.recent = [];
    await commit(watch, { state: 'unknown', since, reason: NOT_CHECKED });
  }

  async function commit(watch: Watch, { state, since, reason }: StateFound): Promise<void> {
    const { name } = watch.monitor;
    const seen = watch.record;
    // We are sure by now; what explains it may take a moment longer.
    const confirmedAt = clock.now();
    const rootCause = await causeOf(name, seen.state, state);
    const change = { environment, state, at: since, confirmedAt, reason, rootCause };
    const record = await db.tx((tx) => commitState(tx, seen, change));
    watch.uncommitted = undefined;
    if (record === undefined) {
      // Somebody else was faster: an overtaken check, or another process. What they committed is the truth now.
      watch.record = (await monitorStore.find(db, watch.record.id)) ?? watch.record;
      return;
    }
    watch.record = record;
    log.info('A monitor changed its state.', { monitor: name, state, since: record.since, reason, rootCause });
  }

  async function causeOf(name: string, from: State, to: State): Promise<string | null> {
    if (to !== 'down' && to !== 'degraded') return null;
    return isWorse(to, from) ? causes.find(name) : causes.known(name);
  }
}
