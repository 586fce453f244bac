import type { ProofLevel } from '../../contracts/facts.ts';
import type { Secret } from '../../kernel/secret.ts';

/** Backups in a folder, without a server: for the day on which there is none. `app/` wires it. */
export interface OfflineVault {
  /** Complete backups, newest first. Those that are broken are listed with what is wrong. */
  listVault(options: { readonly vault: string; readonly service: string | undefined }): Promise<VaultListing>;
  /** Reads one backup to its end; with `isProof` it is restored into a scratch database as well. Rejects at the first flaw. */
  verifyInVault(options: VaultVerifyOptions): Promise<VaultVerification>;
  /** Restores one backup to a place where nothing is yet. Rejects when something is; then nothing was changed. */
  restoreFromVault(options: VaultRestoreOptions): Promise<VaultRestoration>;
}

export interface VaultListing {
  /** For people: the folder. */
  readonly where: string;
  readonly backups: readonly VaultBackup[];
  /** Folders that are no complete backup, relative to the vault. */
  readonly incomplete: readonly { readonly folder: string; readonly reason: string }[];
}

/** What the manifest of a backup says of it. */
export interface VaultBackup {
  readonly id: string;
  readonly app: string;
  readonly environment: string;
  readonly service: string;
  readonly engine: string;
  /** Epoch milliseconds. */
  readonly takenAt: number;
  /** As stored, and as the engine wrote it. */
  readonly bytes: number;
  readonly plainBytes: number;
  /** Relative to the vault. */
  readonly folder: string;
  /** By a key that is believed: one of `--signer`, or of `keys.signers` in the manifest when that is at hand. */
  readonly isSignatureTrusted: boolean;
}

/** Which backup, and with which keys. Paths are absolute. */
export interface VaultSelection {
  readonly vault: string;
  readonly backup: BackupChoice;
  /** File with a private age key; undefined leaves it to EVENKEEL_AGE_IDENTITY_FILE. */
  readonly identityFile: string | undefined;
  /** Public keys whose signatures are believed; undefined leaves it to `keys.signers` of the manifest. */
  readonly signers: readonly string[] | undefined;
  /** Called now and then while it works, as often as there is something new. */
  readonly onProgress: (step: VaultStep) => void;
}

export type BackupChoice =
  | { readonly by: 'id'; readonly id: string }
  /** The newest one of this service. */
  | { readonly by: 'service'; readonly service: string };

export interface VaultStep {
  /** E.g. `decrypting`, `restoring`. */
  readonly phase: string;
  /** Read so far. */
  readonly bytes: number;
}

export interface VaultVerifyOptions extends VaultSelection {
  readonly isProof: boolean;
  /** Looks the backup up and checks its signature, and reads no more. */
  readonly isDryRun: boolean;
}

export interface VaultVerification {
  readonly backup: VaultBackup;
  /** How far it got; `none` on a dry run, and `stored` when there was no private key to read it with. */
  readonly level: ProofLevel;
  /** Whole sentences about what was found. */
  readonly findings: readonly string[];
  readonly tookMs: number;
}

export interface VaultRestoreOptions extends VaultSelection {
  readonly to: RestorePlace;
  /** Looks the backup and the place up, and restores nothing. */
  readonly isDryRun: boolean;
}

export type RestorePlace =
  /** A file that does not exist yet. Absolute. */
  | { readonly kind: 'file'; readonly path: string }
  /** An existing and empty database. It has no password in it: libpq finds that in PGPASSWORD or a password file. */
  | { readonly kind: 'database'; readonly url: Secret };

export interface VaultRestoration {
  readonly backup: VaultBackup;
  /** For people: host and name, or a path. */
  readonly where: string;
  /** Whole sentences about what was found. */
  readonly findings: readonly string[];
  readonly tookMs: number;
}
