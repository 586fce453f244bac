import { createHash } from 'node:crypto';
import path from 'node:path';
import type { BackupEngine } from '../engine.ts';
import { errors } from '../errors.ts';
import type { Vault } from '../vault.ts';
import { type BackupManifest, manifestText } from './backup-manifest.ts';
import { BACKUP_FILES, parseBackupFolder, serviceFolder } from './layout.ts';
import { restoreGuide } from './restore-guide.ts';
import type { SigningKey } from './signing.ts';
import { sumsText } from './sums.ts';

export interface Completion {
  readonly vaults: readonly Vault[];
  readonly folder: string;
  readonly manifest: BackupManifest;
  readonly engine: BackupEngine;
  readonly signingKey: SigningKey;
}

/** Writes all that stands beside the dump; the manifests come last of all, for with them it is a backup. */
export async function complete(completion: Completion, signal: AbortSignal): Promise<void> {
  const { vaults, folder } = completion;
  const { manifest, ...others } = filesOf(completion);
  for (const vault of vaults) {
    for (const name of ['guide', 'sums', 'signature'] as const) {
      await writeSmall(vault, `${folder}/${BACKUP_FILES[name]}`, others[name], signal);
    }
  }
  for (const vault of vaults) await writeSmall(vault, `${folder}/${BACKUP_FILES.manifest}`, manifest, signal);
}

/** And reads it back: without one of these files the dump is worth nothing to a stranger, or to us. */
async function writeSmall(vault: Vault, file: string, content: Buffer, signal: AbortSignal): Promise<void> {
  await vault.write(file, content, signal);
  const stored = await vault.readSmall(file, { bytesMax: content.length });
  if (content.equals(stored)) return;
  const { name, where } = vault;
  const problem = `${path.posix.basename(file)} is not what was written.`;
  throw errors.BACKUP_NOT_READABLE({ vault: name, where, problem });
}

function filesOf({ manifest, engine, signingKey }: Completion): Readonly<Record<Name, Buffer>> {
  const content = Buffer.from(manifestText(manifest));
  const guide = Buffer.from(restoreGuide(manifest, engine));
  const signature = Buffer.from(signingKey.sign(content));
  const sums = sumsText([
    { file: BACKUP_FILES.dump, sha256: manifest.dump.stored.sha256 },
    { file: BACKUP_FILES.guide, sha256: sha256(guide) },
    { file: BACKUP_FILES.manifest, sha256: sha256(content) },
    { file: BACKUP_FILES.signature, sha256: sha256(signature) },
  ]);
  return { guide, sums: Buffer.from(sums), signature, manifest: content };
}

type Name = Exclude<keyof typeof BACKUP_FILES, 'dump'>;

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The manifest first: from that moment on it is no backup. */
export async function removeBackup(vault: Vault, folder: string): Promise<void> {
  for (const file of Object.values(BACKUP_FILES).toReversed()) await vault.remove(`${folder}/${file}`);
}

/** Removes folders of a service that never became a backup and were begun before; returns how many. */
export async function sweepService(
  vault: Vault,
  service: Parameters<typeof serviceFolder>[0],
  before: number,
): Promise<number> {
  const entries = await vault.list(serviceFolder(service));
  const abandoned = [...Map.groupBy(entries, (entry) => path.posix.dirname(entry.path))].filter(([folder, files]) => {
    const place = parseBackupFolder(folder);
    return place !== undefined && place.startedAt < before && !files.some((entry) => isManifest(entry.path));
  });
  for (const [folder] of abandoned) await removeBackup(vault, folder);
  return abandoned.length;
}

/** Complete backups below a folder, by their own folder; newest last. */
export async function completeFolders(vault: Vault, below: string): Promise<readonly string[]> {
  const entries = await vault.list(below);
  return entries.filter((entry) => isManifest(entry.path)).map((entry) => path.posix.dirname(entry.path));
}

function isManifest(file: string): boolean {
  return path.posix.basename(file) === BACKUP_FILES.manifest;
}
