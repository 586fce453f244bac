import path from 'node:path';
import { EvenkeelError } from '../kernel/errors.ts';
import { errors } from './errors.ts';
import { completeFolders } from './format/backup-folder.ts';
import type { BackupManifest } from './format/backup-manifest.ts';
import { type BackupPlace, parseBackupFolder } from './format/layout.ts';
import { readClaim } from './open-backup.ts';
import type { Vault } from './vault.ts';

export type BackupChoice =
  | { readonly by: 'id'; readonly id: string }
  /** The newest one of this service. */
  | { readonly by: 'service'; readonly service: string };

export interface OfflineListing {
  /** For people: the folder. */
  readonly where: string;
  /** Newest first. */
  readonly backups: readonly OfflineBackup[];
  /** Folders that are no complete backup, relative to the vault. */
  readonly incomplete: readonly { readonly folder: string; readonly reason: string }[];
}

export interface OfflineBackup {
  readonly id: string;
  readonly app: string;
  readonly environment: string;
  readonly service: string;
  readonly engine: string;
  readonly takenAt: number;
  /** As stored, and as the engine wrote it. */
  readonly bytes: number;
  readonly plainBytes: number;
  /** Relative to the vault. */
  readonly folder: string;
  /** By a key that is believed, and in its own place. */
  readonly isSignatureTrusted: boolean;
}

type Incomplete = OfflineListing['incomplete'][number];

/** All that a vault has, with what is wrong with the rest. */
export async function listOffline(
  vault: Vault,
  signers: readonly string[],
  service: string | undefined,
): Promise<OfflineListing> {
  const complete = await completeFolders(vault, '');
  const looked = await Promise.all(complete.filter((folder) => isOf(folder, service)).map(look));
  const backups = looked.flatMap(({ backup }) => backup ?? []);
  const unfinished = await unfinishedBeside(complete);
  return {
    where: vault.where,
    backups: backups.toSorted((one, other) => other.takenAt - one.takenAt || (one.id < other.id ? 1 : -1)),
    incomplete: [...unfinished, ...looked.flatMap(({ problem }) => problem ?? [])],
  };

  async function look(folder: string): Promise<{ readonly backup?: OfflineBackup; readonly problem?: Incomplete }> {
    try {
      const claim = await readClaim(vault, folder);
      const isTrusted = isFine(() => claim.believe(signers));
      return { backup: describeOffline(claim.manifest, folder, isTrusted) };
    } catch (error) {
      if (error instanceof EvenkeelError) return { problem: { folder, reason: error.message } };
      throw error;
    }
  }

  async function unfinishedBeside(finished: readonly string[]): Promise<readonly Incomplete[]> {
    const folders = new Set((await vault.list('')).map((entry) => path.posix.dirname(entry.path)));
    return [...folders.difference(new Set(finished))]
      .filter((folder) => isOf(folder, service))
      .map((folder) => ({ folder, reason: 'It has no manifest.json, so it was never finished.' }));
  }
}

/** Where the backup that is meant lies. */
export async function chooseFolder(vault: Vault, choice: BackupChoice): Promise<string> {
  const places = (await completeFolders(vault, '')).flatMap((folder) => {
    const place = parseBackupFolder(folder);
    return place === undefined ? [] : [{ ...place, folder }];
  });
  const chosen = choice.by === 'id' ? places.filter(({ id }) => id === choice.id) : allOf(places, choice.service);
  const [first] = chosen.toSorted((one, other) => other.startedAt - one.startedAt || (one.id < other.id ? 1 : -1));
  if (first !== undefined) return first.folder;
  throw errors.BACKUP_UNKNOWN({ id: choice.by === 'id' ? choice.id : `of ${choice.service}` });
}

/** The newest of two applications, or of two environments, would be a guess with other people's data. */
function allOf<Place extends BackupPlace>(places: readonly Place[], service: string): readonly Place[] {
  const own = places.filter((place) => place.service === service);
  const homes = new Set(own.map(({ app, environment }) => `${app}/${environment}`));
  if (homes.size > 1) throw errors.BACKUP_SERVICE_AMBIGUOUS({ service, places: [...homes].join(', ') });
  return own;
}

export function describeOffline(manifest: BackupManifest, folder: string, isSignatureTrusted: boolean): OfflineBackup {
  const { id, app, environment, service, engine, startedAt, dump } = manifest;
  const sizes = { bytes: dump.stored.bytes, plainBytes: dump.plain.bytes };
  const takenAt = Date.parse(startedAt);
  return { id, app, environment, service, engine, takenAt, ...sizes, folder, isSignatureTrusted };
}

function isOf(folder: string, service: string | undefined): boolean {
  const place = parseBackupFolder(folder);
  return place !== undefined && (service === undefined || place.service === service);
}

function isFine(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof EvenkeelError) return false;
    throw error;
  }
}
