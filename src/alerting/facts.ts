import type { Db } from '../contracts/database.ts';
import type { AlertingFacts } from '../contracts/facts.ts';
import * as alertStore from './alert-store.ts';
import { subjectOf } from './signal-kinds.ts';
import * as signalStore from './signal-store.ts';

export function createFacts(db: Db, environment: string): AlertingFacts {
  return {
    async alerts(limit) {
      const alerts = await alertStore.list(db.of(), environment, limit);
      const ids = alerts.map(({ id }) => id);
      const signals = Map.groupBy(await signalStore.listOf(db.of(), ids), ({ alertId }) => alertId);
      const told = Map.groupBy(await alertStore.listTold(db.of(), ids), ({ alertId }) => alertId);
      return alerts.map(({ id, title, severity, state, cause, reason, openedAt, resolvedAt }) => {
        const affected = (signals.get(id) ?? []).map(({ fingerprint }) => subjectOf(fingerprint));
        const toldTo = (told.get(id) ?? []).map(({ channel }) => channel);
        return { id, title, severity, state, cause, affected, reason, openedAt, resolvedAt, toldTo };
      });
    },
  };
}
