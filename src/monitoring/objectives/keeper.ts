import { type Clock, SECOND_MS } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Objective } from './objective.ts';
import type { ObjectiveRecord } from './objective-store.ts';
import * as objectiveStore from './objective-store.ts';
import { CALM, type Happening, nextStanding, type Standing } from './standing.ts';
import { type SurveyDeps, type Surveyed, survey } from './survey.ts';
import { tell } from './tell.ts';

export interface KeeperDeps extends SurveyDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** Looks at every objective again and again, and tells each change once, whoever else looks too. */
export interface Keeper {
  /** From the next look on these; what others left burning is ended. */
  apply(objectives: readonly Objective[]): void;
  start(): void;
  stop(): Promise<void>;
  /** Looks once, now. */
  look(): Promise<void>;
}

const EVERY_MS = 30 * SECOND_MS;

export function createKeeper(deps: KeeperDeps): Keeper {
  const { db, clock, log, environment } = deps;
  const stopping = new AbortController();
  let objectives: readonly Objective[] = [];
  let retiredFor: readonly Objective[] | undefined;
  let running: Promise<void> | undefined;

  return {
    look,
    apply(next) {
      objectives = next;
    },
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await look();
      } catch (error) {
        log.warn('The objectives could not be looked at.', { error });
      }
      await clock.sleep(EVERY_MS, stopping.signal).catch(() => undefined);
    }
  }

  async function look(): Promise<void> {
    const now = clock.now();
    const current = objectives;
    const { surveyed, records } = await survey(deps, current, now);
    for (const each of surveyed) await keep(each, now);
    // Only once after each reload: where two processes have read different files, they should not fight for ever.
    if (retiredFor === current) return;
    for (const record of records) if (!isKept(record, surveyed)) await retire(record, now);
    retiredFor = current;
  }

  async function keep({ objective, measurement, record }: Surveyed, now: number): Promise<void> {
    if (record === undefined) return;
    const budgetLeft = measurement.budget?.ratio ?? null;
    const measured = { rates: measurement.rates, budgetLeft };
    const { standing, happenings } = nextStanding(record.standing, objective.pairs, measured, now);
    const next = { ...record, standing, budgetLeft: budgetLeft ?? record.budgetLeft };
    await commit({ before: record.standing, next, happenings, objective, now });
  }

  /** Nobody promises it any more; whoever was told that it burns hears that it is over. */
  async function retire(record: ObjectiveRecord, now: number): Promise<void> {
    const { happenings } = nextStanding(record.standing, [], { rates: [], budgetLeft: 1 }, now);
    const objective = { name: record.name, whenSpent: 'allowed' } as const;
    await commit({ before: record.standing, next: { ...record, standing: CALM }, happenings, objective, now });
  }

  async function commit({ before, next, happenings, objective, now }: Step): Promise<void> {
    if (isSame(before, next.standing)) return;
    const telling = { environment, objective, budgetLeft: next.budgetLeft ?? 1, at: now };
    if (happenings.length === 0) {
      await db.quiet('only how long it has been calm', (tx) => objectiveStore.put(tx, environment, next));
      return;
    }
    await db.tx(async (tx) => {
      // Another process looked too, and has told it.
      if (!(await objectiveStore.put(tx, environment, next))) return;
      for (const happening of happenings) await tell(tx, happening, telling);
    });
  }
}

interface Step {
  readonly before: Standing;
  readonly next: ObjectiveRecord;
  readonly happenings: readonly Happening[];
  readonly objective: Pick<Objective, 'name' | 'whenSpent'>;
  readonly now: number;
}

function isKept({ monitorId, measure }: ObjectiveRecord, surveyed: readonly Surveyed[]): boolean {
  return surveyed.some(({ record }) => record?.monitorId === monitorId && record.measure === measure);
}

function isSame(a: Standing, b: Standing): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
