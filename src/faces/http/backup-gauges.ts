import { Gauge, type Registry } from '@prometheus-io/client';
import type { BackupFacts } from '../../contracts/facts.ts';
import { SECOND_MS } from '../../kernel/clock.ts';
import type { GaugeGroup } from './prometheus.ts';

/** A service that was never backed up, or whose backups were never proven, has no line: alert on `absent` too. */
export function backupGauges(registry: Registry, facts: BackupFacts): GaugeGroup {
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `evenkeel_backup_${name}`, help, labelNames: ['service'], registers: [registry] });
  const stored = gauge('last_stored_timestamp_seconds', 'When the newest backup was taken.');
  const size = gauge('last_stored_bytes', 'Size of the newest backup as it is stored.');
  const proven = gauge('last_proven_timestamp_seconds', 'When a backup was last restored, and held what it should.');
  const restore = gauge('last_restore_duration_seconds', 'How long that restore took.');

  const gauges = [stored, size, proven, restore];

  const refresh = async () => {
    const sources = await facts.sources();
    // What is no longer backed up must disappear, not stay as it last was.
    for (const each of gauges) each.reset();
    for (const { service, lastBackup, lastProof } of sources) {
      if (lastBackup !== null) {
        stored.set({ service }, lastBackup.takenAt / SECOND_MS);
        size.set({ service }, lastBackup.bytes);
      }
      if (lastProof !== null) {
        proven.set({ service }, lastProof.at / SECOND_MS);
        restore.set({ service }, lastProof.tookMs / SECOND_MS);
      }
    }
  };
  return { gauges, refresh };
}
