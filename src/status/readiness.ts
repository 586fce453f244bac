import type { BackupSourceNow, DeliveryNow } from '../contracts/facts.ts';

/**
 * What was measured about how well prepared we are, for anybody to see: counts, times and durations. It has no place
 * for the name of a store or a channel, for an address or a reason.
 */
export interface PublicReadiness {
  /** Null when nothing is backed up. */
  readonly backup: BackupReadiness | null;
  /** Null when no alert has been delivered yet. */
  readonly alert: AlertReadiness | null;
}

export interface BackupReadiness {
  /** How many data stores are backed up, and of how many a backup was restored and checked. */
  readonly stores: number;
  readonly provenStores: number;
  /** Null until every store has a proof: a part is not the whole. */
  readonly proof: BackupProof | null;
}

/** Of several stores the worst of each, because together they are only as good as that. */
export interface BackupProof {
  /** When it was restored, epoch milliseconds. */
  readonly at: number;
  /** When the backup that was restored had been taken. */
  readonly takenAt: number;
  /** Of all stores, one after the other. */
  readonly tookMs: number;
}

export interface AlertReadiness {
  readonly deliveredAt: number;
  /** From the moment we were sure of the problem, or of its end, to the receiver's word that it has it. */
  readonly tookMs: number;
}

/** Deliveries looked at for the last alert: a mailing or a receiver that is away must not hide it at once. */
export const DELIVERIES_READ = 50;

export function readinessOf(sources: readonly BackupSourceNow[], deliveries: readonly DeliveryNow[]): PublicReadiness {
  return { backup: backupOf(sources), alert: alertOf(deliveries) };
}

function backupOf(sources: readonly BackupSourceNow[]): BackupReadiness | null {
  if (sources.length === 0) return null;
  const proofs = sources.flatMap(({ lastProof }) => lastProof ?? []);
  const isWhole = proofs.length === sources.length;
  return {
    stores: sources.length,
    provenStores: proofs.length,
    proof: isWhole
      ? {
          at: Math.min(...proofs.map(({ at }) => at)),
          takenAt: Math.min(...proofs.map(({ takenAt }) => takenAt)),
          tookMs: proofs.reduce((sum, { tookMs }) => sum + tookMs, 0),
        }
      : null,
  };
}

function alertOf(deliveries: readonly DeliveryNow[]): AlertReadiness | null {
  const delivered = deliveries.flatMap(({ lane, knownAt, deliveredAt }) =>
    lane === 'broadcast' || deliveredAt === null ? [] : { deliveredAt, tookMs: Math.max(0, deliveredAt - knownAt) },
  );
  return delivered.toSorted((a, b) => b.deliveredAt - a.deliveredAt)[0] ?? null;
}
