import type { Db } from '../../contracts/database.ts';
import type { ThresholdFacts } from '../../contracts/facts.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import * as resultStore from '../history/result-store.ts';
import type { Monitor } from '../monitor.ts';
import type { CheckResult } from '../monitor-type.ts';
import { believed, type Standing } from '../state/watch.ts';
import { createFacts } from './facts.ts';
import { clearWhatIsNotInForce } from './not-in-force.ts';
import { createPlan, type Plan } from './plan.ts';
import type { Rule } from './rule.ts';
import { createSaver } from './saver.ts';
import * as thresholdStore from './threshold-store.ts';

export interface ThresholdsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: string;
}

/** Whose result it is: any `Watch` is one. */
export interface Heard {
  readonly monitor: Monitor;
  readonly standing: Pick<Standing, 'record' | 'pending'>;
}

/** Holds what is measured against its limits, and says when it is beyond one and when it is back. */
export interface Thresholds {
  readonly facts: ThresholdFacts;
  /** The rules in force, in the order of the preset and the manifest. */
  rules(): readonly Rule[];
  /**
   * From now on these rules hold for these monitors, all of the manifest. Call it once the monitors have their records;
   * only a process that checks should.
   */
  apply(monitors: readonly Monitor[], rules: readonly Rule[]): Promise<void>;
  /** Reads again what others have written: monitors have moved here from another process. */
  refresh(): Promise<void>;
  /** One result of a check made here. Cheap, and waits for nobody. */
  hear(heard: Heard, at: number, result: CheckResult): void;
  /** Resolves when what is known now is in the database, or cannot be brought there at the moment. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export function createThresholds({ db, clock, log, environment }: ThresholdsDeps): Thresholds {
  const saver = createSaver({ db, clock, log, environment });
  let rules: readonly Rule[] = [];
  let records: ReadonlyMap<number, readonly thresholdStore.ThresholdRecord[]> = new Map();
  let lastHeard: ReadonlyMap<number, resultStore.ResultRecord> = new Map();
  let plans = new Map<string, Plan>();

  return {
    facts: createFacts(db, environment),
    rules: () => rules,
    async apply(monitors, wanted) {
      await saver.settled();
      await clearWhatIsNotInForce({ db, clock, environment }, monitors, wanted);
      rules = wanted;
      await load();
    },
    refresh: load,
    hear(heard, at, result) {
      planOf(heard).hear(believed(heard.standing).state, at, result);
    },
    settled: () => saver.settled(),
    stop: () => saver.close(),
  };

  /** Values of before stay known to nobody but the rows: a row says since when they were beyond a limit. */
  async function load(): Promise<void> {
    await saver.settled();
    records = Map.groupBy(await thresholdStore.list(db, environment), ({ monitorId }) => monitorId);
    lastHeard = await resultStore.latest(db, [...records.keys()]);
    for (const plan of plans.values()) plan.retire();
    plans = new Map();
  }

  function planOf({ monitor, standing: { record } }: Heard): Plan {
    const known = plans.get(monitor.name);
    if (known !== undefined) return known;
    const own = records.get(record.id) ?? [];
    const lastAt = lastHeard.get(record.id)?.at ?? null;
    const plan = createPlan({ monitor, monitorId: record.id, rules, records: own, lastAt, changed: saver.add });
    plans.set(monitor.name, plan);
    return plan;
  }
}
