import type { Db } from '../contracts/database.ts';
import type { DeliveryFacts, DeliveryNow } from '../contracts/facts.ts';
import type { ReadyChannel } from './channel-of.ts';
import * as attemptStore from './queue/attempt-store.ts';
import * as deliveryStore from './queue/delivery-store.ts';

export interface FactsDeps {
  readonly db: Db;
  readonly environment: string;
  readonly channelNamed: (name: string) => ReadyChannel | undefined;
}

export function createFacts({ db, environment, channelNamed }: FactsDeps): DeliveryFacts {
  return {
    async deliveries(limit) {
      const rows = await deliveryStore.list(db, environment, limit);
      const ids = rows.map(({ id }) => id);
      const attempts = await attemptStore.listOf(db, ids);
      return rows.map((row) => toFact(row, attempts.get(row.id) ?? []));
    },
  };

  function toFact(row: deliveryStore.DeliveryTable, attempts: DeliveryNow['attempts']): DeliveryNow {
    const { id, lane, channel, title, thread, state } = row;
    return {
      id,
      lane,
      channel,
      title,
      thread,
      state,
      attemptCount: row.attempts,
      attempts,
      type: channelNamed(channel)?.type ?? null,
      knownAt: row.known_at,
      queuedAt: row.queued_at,
      deliveredAt: state === 'delivered' ? row.ended_at : null,
      nextAttemptAt: state === 'waiting' ? row.due_at : null,
    };
  }
}
