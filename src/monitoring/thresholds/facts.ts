import type { Db } from '../../contracts/database.ts';
import type { ThresholdFacts, ThresholdNow } from '../../contracts/facts.ts';
import * as thresholdStore from './threshold-store.ts';

/** Answers from the database alone, so every process gives the same answer, whoever checks. */
export function createFacts(db: Db, environment: string): ThresholdFacts {
  return {
    async crossed() {
      const records = await thresholdStore.list(db, environment);
      const crossed = records.flatMap(({ rule, monitor, reading, level, reason, runbook, since }): ThresholdNow[] =>
        level === null ? [] : [{ rule, monitor, reading, level, reason: reason ?? '', runbook, since: since ?? 0 }],
      );
      return crossed.toSorted((a, b) => a.since - b.since);
    },
  };
}
