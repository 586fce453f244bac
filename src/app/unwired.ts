import type { OfflineKeys } from '../faces/cli/offline-keys.ts';

export const unwiredKeys: OfflineKeys = {
  createKeys: () => notWired(),
  showKeys: () => notWired(),
};

async function notWired(): Promise<never> {
  throw new Error('This is not wired yet.');
}
