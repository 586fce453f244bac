import { errors } from './errors.ts';
import { type BackupManifest, MANIFEST_BYTES_MAX, parseManifest } from './format/backup-manifest.ts';
import { BACKUP_FILES, backupFolder } from './format/layout.ts';
import { verifySignature } from './format/signing.ts';
import type { StoredDump } from './format/stored-dump.ts';
import type { Vault } from './vault.ts';

const SIGNATURE_BYTES_MAX = 1024;

/** A backup whose manifest is by somebody we believe, and which is where it says it belongs. */
export interface OpenedBackup {
  readonly manifest: BackupManifest;
  readonly dump: StoredDump;
}

/**
 * Reads what a backup says of itself, and believes it only when one of `signers` signed it and it lies in its own
 * place: a manifest that is authentic somewhere else would pass one service's data, or an old state, for another.
 * Nothing is decrypted before that.
 */
export async function openBackup(vault: Vault, folder: string, signers: readonly string[]): Promise<OpenedBackup> {
  const claim = await readClaim(vault, folder);
  claim.believe(signers);
  const { manifest } = claim;
  return { manifest, dump: { vault, path: `${folder}/${BACKUP_FILES.dump}`, sizes: manifest.dump } };
}

/** What a backup says of itself, which anybody may have written. */
export interface Claim {
  readonly manifest: BackupManifest;
  /** Throws unless one of these signed it, and unless it is where it belongs. */
  believe(signers: readonly string[]): void;
}

export async function readClaim(vault: Vault, folder: string): Promise<Claim> {
  const bytes = await vault.readSmall(`${folder}/${BACKUP_FILES.manifest}`, { bytesMax: MANIFEST_BYTES_MAX });
  const signature = await vault.readSmall(`${folder}/${BACKUP_FILES.signature}`, { bytesMax: SIGNATURE_BYTES_MAX });
  const manifest = parseManifest(bytes);
  return {
    manifest,
    believe(signers) {
      verifySignature({ bytes, signature, signer: manifest.signer }, signers);
      const place = placeOf(manifest);
      if (place !== folder) throw errors.BACKUP_MISPLACED({ folder, place });
    },
  };
}

function placeOf({ app, environment, service, id, startedAt }: BackupManifest): string {
  return backupFolder({ app, environment, service, id, startedAt: Date.parse(startedAt) });
}
