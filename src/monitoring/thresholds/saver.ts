import type { Db, Tx } from '../../contracts/database.ts';
import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import * as thresholdStore from './threshold-store.ts';
import { isUnsaved, standingOf, type Tracked, track } from './tracked.ts';

export interface SaverDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: string;
}

/** Brings crossings into the database, the event with the row. What came and went while it was away is not told. */
export interface Saver {
  /** Something of it is new. */
  add(tracked: Tracked): void;
  /** Resolves when what is new now is saved, or cannot be at the moment. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const RETRY_MS = SECOND_MS;

export function createSaver({ db, clock, log, environment }: SaverDeps): Saver {
  const unsaved = new Set<Tracked>();
  const closing = new AbortController();
  let saving: Promise<void> | undefined;
  let attempt = Promise.resolve();

  return {
    add(tracked) {
      unsaved.add(tracked);
      saving ??= save().finally(() => {
        saving = undefined;
      });
    },
    settled: () => attempt,
    async close() {
      closing.abort();
      await saving;
    },
  };

  async function save(): Promise<void> {
    while (unsaved.size > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      attempt = promise;
      // What else is found in this very moment shares the commit.
      await Promise.resolve();
      const hasSaved = await saveTogether([...unsaved]);
      resolve();
      if (hasSaved) continue;
      if (closing.signal.aborted) return;
      await clock.sleep(RETRY_MS, closing.signal).catch(() => undefined);
    }
  }

  async function saveTogether(batch: readonly Tracked[]): Promise<boolean> {
    try {
      const wanted = batch.map((tracked) => ({ tracked, standing: standingOf(tracked) }));
      const isSaved = await db.tx(async (tx) => {
        const saved: boolean[] = [];
        for (const { tracked, standing } of wanted) saved.push(await saveOne(tx, tracked, standing));
        return saved;
      });
      for (const [index, { tracked, standing }] of wanted.entries()) {
        if (isSaved[index] === true) tracked.saved = { version: tracked.saved.version + 1, standing };
      }
      if (isSaved.includes(false)) await learn(batch.filter((_, index) => isSaved[index] === false));
      for (const tracked of batch) if (!isUnsaved(tracked)) unsaved.delete(tracked);
      return true;
    } catch (error) {
      log.error('A threshold could not be stored; trying again.', { waiting: batch.length, error });
      return false;
    }
  }

  async function saveOne(tx: Tx, tracked: Tracked, standing: thresholdStore.ThresholdStanding): Promise<boolean> {
    const { monitor, monitorId, reading, rule, saved, at, value, gone } = tracked;
    const key = { monitorId, rule: rule.name, reading };
    if (!(await thresholdStore.set(tx, key, saved.version, standing))) return false;
    const about = { environment, rule: rule.name, monitor, reading };
    const { level, since, reason } = standing;
    if (level === saved.standing.level) return true;
    if (level === null) await tx.emit('threshold.cleared', { ...about, at, ...(gone !== null && { gone }) });
    else {
      const crossed = {
        ...about,
        level,
        reason: reason ?? '',
        runbook: rule.runbook,
        at: since ?? at,
        confirmedAt: at,
      };
      await tx.emit('threshold.crossed', { ...crossed, ...(value !== null && { value }) });
    }
    return true;
  }

  /** Another process was faster: what it wrote is the truth, and the next value decides what follows. */
  async function learn(overtaken: readonly Tracked[]): Promise<void> {
    const records = await thresholdStore.list(db, environment);
    for (const tracked of overtaken) {
      const { rule, reading, monitorId } = tracked;
      const record = records.find(
        (each) => each.monitorId === monitorId && each.rule === rule.name && each.reading === reading,
      );
      const { crossing, saved, reason } = track(tracked, record, tracked.crossing.lastAt);
      Object.assign(tracked, { crossing, saved, reason });
    }
  }
}
