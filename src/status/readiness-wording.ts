import type { AlertReadiness, BackupReadiness } from './readiness.ts';
import type { Voice } from './voice.ts';
import type { Wording } from './wording.ts';

/** One measured thing: what it is, how it stands, and what that means exactly. */
export interface ReadinessCard {
  readonly term: string;
  readonly value: string;
  /** What `value` is the age of, epoch milliseconds; null where it is no age. */
  readonly at: number | null;
  readonly details: readonly string[];
}

export function readinessWording({ text, formats }: Voice): Pick<Wording, 'readiness'> {
  return {
    readiness: ({ backup, alert }, now) => [
      ...(backup === null ? [] : [backupCard(backup, now)]),
      ...(alert === null ? [] : [alertCard(alert, now)]),
    ],
  };

  function backupCard({ stores, provenStores, proof }: BackupReadiness, now: number): ReadinessCard {
    const term = text('ready.backup');
    if (proof !== null) {
      const details = [
        text('ready.backup.took', { duration: formats.measured(proof.tookMs) }),
        text('ready.backup.taken', { time: formats.time(proof.takenAt, now) }),
      ];
      return { term, value: ago(proof.at, now), at: proof.at, details };
    }
    if (provenStores === 0) return { term, value: text('ready.backup.none'), at: null, details: [] };
    const details = [text('ready.backup.part.detail', { proven: provenStores, stores })];
    return { term, value: text('ready.backup.part'), at: null, details };
  }

  function alertCard({ deliveredAt, tookMs }: AlertReadiness, now: number): ReadinessCard {
    const details = [text('ready.alert.took', { duration: formats.measured(tookMs) }), formats.time(deliveredAt, now)];
    return { term: text('ready.alert'), value: ago(deliveredAt, now), at: deliveredAt, details };
  }

  function ago(at: number, now: number): string {
    return formats.ago(now - at) ?? text('ready.now');
  }
}
