import type { ApiClient } from './api-client.ts';
import { errors } from './errors.ts';
import type { BackupChoice } from './offline-vault.ts';
import { argument } from './options.ts';

export const BACKUP_ARGUMENT = argument(
  'Its id, e.g. bak_01k9example, or latest:db (or just db) for the newest backup of the service db.',
);

/** An underscore is in every id and in no name of a service, so that one cannot be taken for the other. */
export function backupChoice(typed: string): BackupChoice {
  if (typed.startsWith('bak_')) return { by: 'id', id: typed };
  return { by: 'service', service: typed.replace(/^latest:/, '') };
}

/** Asks the server which backup is meant. */
export async function backupIdOf(typed: string, api: ApiClient): Promise<string> {
  const choice = backupChoice(typed);
  if (choice.by === 'id') return choice.id;
  const { service } = choice;
  const { backups } = await api.call('GET /api/v1/backups', { service, limit: 1 });
  const [newest] = backups;
  if (newest === undefined) throw errors.CLI_BACKUP_NONE({ service });
  return newest.id;
}
