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

interface Wanted {
  readonly tracked: Tracked;
  readonly standing: thresholdStore.ThresholdStanding;
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
      const isSaved = await db.tx((tx) => saveEach(tx, environment, wanted));
      for (const [index, { tracked, standing }] of wanted.entries()) {
        if (isSaved[index] === true) tracked.saved = { version: tracked.saved.version + 1, standing };
      }
      if (isSaved.includes(false))
        learn(
          batch.filter((_, index) => isSaved[index] === false),
          await thresholdStore.list(db, environment),
        );
      for (const tracked of batch) if (!isUnsaved(tracked)) unsaved.delete(tracked);
      return true;
    } catch (error) {
      log.error('A threshold could not be stored; trying again.', { waiting: batch.length, error });
      return false;
    }
  }
}

/** One after the other, in one transaction; false where another process was faster. */
async function saveEach(tx: Tx, environment: string, wanted: readonly Wanted[]): Promise<readonly boolean[]> {
  const isSaved: boolean[] = [];
  for (const { tracked, standing } of wanted) {
    const { monitorId, reading, rule, saved } = tracked;
    const isOurs = await thresholdStore.set(tx, { monitorId, rule: rule.name, reading }, saved.version, standing);
    if (isOurs && standing.level === null && saved.standing.level !== null) {
      await tx.emit('threshold.cleared', cleared(environment, tracked));
    } else if (isOurs && standing.level !== saved.standing.level) {
      await tx.emit('threshold.crossed', crossed(environment, tracked, standing));
    }
    isSaved.push(isOurs);
  }
  return isSaved;
}

function cleared(environment: string, { monitor, reading, rule, at, gone }: Tracked) {
  return { environment, rule: rule.name, monitor, reading, at, ...(gone !== null && { gone }) };
}

function crossed(environment: string, tracked: Tracked, { level, since, reason }: thresholdStore.ThresholdStanding) {
  const { monitor, reading, rule, at, value } = tracked;
  return {
    environment,
    rule: rule.name,
    monitor,
    reading,
    level: level ?? 'warning',
    reason: reason ?? '',
    runbook: rule.runbook,
    at: since ?? at,
    confirmedAt: at,
    ...(value !== null && { value }),
  };
}

/** Another process was faster: what it wrote is the truth, and the next value decides what follows. */
function learn(overtaken: readonly Tracked[], records: readonly thresholdStore.ThresholdRecord[]): void {
  for (const tracked of overtaken) {
    const { rule, reading, monitorId } = tracked;
    const record = records.find(
      (each) => each.monitorId === monitorId && each.rule === rule.name && each.reading === reading,
    );
    const { crossing, saved, reason } = track(tracked, record, tracked.crossing.lastAt);
    Object.assign(tracked, { crossing, saved, reason });
  }
}
