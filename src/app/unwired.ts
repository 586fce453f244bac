import type { Backups } from '../backups/index.ts';
import type { OfflineKeys } from '../faces/cli/offline-keys.ts';
import type { OfflineVault } from '../faces/cli/offline-vault.ts';

/** Stands in for areas that are not wired yet: nothing has happened, and nothing can be asked for. */
export const unwiredBackups: Pick<Backups, 'facts' | 'list' | 'request' | 'run'> = {
  facts: { sources: async () => [] },
  list: async () => [],
  request: () => notWired(),
  run: () => notWired(),
};

export const unwiredOffline: OfflineKeys & OfflineVault = {
  createKeys: () => notWired(),
  showKeys: () => notWired(),
  listVault: () => notWired(),
  verifyInVault: () => notWired(),
  restoreFromVault: () => notWired(),
};

async function notWired(): Promise<never> {
  throw new Error('This is not wired yet.');
}
