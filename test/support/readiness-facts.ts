import type { BackupFacts, BackupSourceNow, DeliveryFacts, DeliveryNow } from '../../src/contracts/facts.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import { SHOP_NOW } from './public-facts.ts';

export interface ReadyFacts {
  readonly backups: BackupFacts;
  readonly delivery: DeliveryFacts;
}

/** One store whose backup was proven six hours ago. */
export function aSource(source: Partial<BackupSourceNow> = {}): BackupSourceNow {
  const takenAt = SHOP_NOW - 12.5 * HOUR_MS;
  return {
    service: 'db',
    engine: 'postgres',
    holds: ['customers', 'orders'],
    lastBackup: { id: 'bak_1', takenAt, bytes: 41_200_000 },
    lastProof: {
      backup: 'bak_1',
      at: SHOP_NOW - 6 * HOUR_MS - 20 * MINUTE_MS,
      takenAt,
      tookMs: 11 * MINUTE_MS + 40 * SECOND_MS,
      tables: 12,
      rows: 48_102,
      assertions: 1,
    },
    level: 'restored',
    nextAt: SHOP_NOW + HOUR_MS,
    lastFailure: null,
    underWay: null,
    ...source,
  };
}

/** An alert that a receiver took three minutes ago, 0.4 s after we were sure. */
export function aDelivery(delivery: Partial<DeliveryNow> = {}): DeliveryNow {
  const queuedAt = SHOP_NOW - 3 * MINUTE_MS - 5 * SECOND_MS;
  return {
    id: 'msg_1',
    lane: 'alert',
    channel: 'dev',
    type: 'slack',
    title: 'api is down',
    thread: 'alr_1',
    state: 'delivered',
    knownAt: queuedAt,
    queuedAt,
    deliveredAt: queuedAt + 400,
    nextAttemptAt: null,
    attemptCount: 1,
    attempts: [{ at: queuedAt, tookMs: 390, outcome: 'delivered', detail: '200 OK' }],
    ...delivery,
  };
}

export function readyFacts(
  sources: readonly BackupSourceNow[] = [aSource()],
  deliveries: readonly DeliveryNow[] = [aDelivery()],
): ReadyFacts {
  return {
    backups: { sources: () => Promise.resolve(sources) },
    delivery: { deliveries: (limit) => Promise.resolve(deliveries.slice(0, limit)) },
  };
}
