import type { Readable } from 'node:stream';
import type * as z from 'zod';
import type { Ids } from '../kernel/ids.ts';

/**
 * A place where backups are kept. Paths are relative, with `/`, and never leave the vault. What is stored is never
 * changed: there is no way to write an entry twice.
 */
export interface Vault {
  /** Its name in the manifest. */
  readonly name: string;
  /** Where it is, for people: no credentials. */
  readonly where: string;
  /**
   * Stores a new entry. Until it resolves nothing can be seen under that path, and then the whole is there for good,
   * whatever power fails. Rejects with `VAULT_ENTRY_EXISTS`, `VAULT_FULL`, `VAULT_UNUSABLE`, or the error of `content`;
   * then nothing is left of it.
   */
  write(path: string, content: Readable | Uint8Array, signal: AbortSignal): Promise<void>;
  /** The stream fails with `VAULT_ENTRY_MISSING` or `VAULT_UNUSABLE`. */
  read(path: string, signal: AbortSignal): Readable;
  /** A small entry as a whole; rejects with `VAULT_ENTRY_TOO_LONG` when it is longer. */
  readSmall(path: string, limits: { readonly bytesMax: number }): Promise<Uint8Array>;
  /** Every complete entry below a folder, in order of path; empty when there is no such folder. */
  list(folder: string): Promise<readonly VaultEntry[]>;
  /** Removes an entry; it may be gone already. */
  remove(path: string): Promise<void>;
  /** Removes what a crash left half-written before this instant; returns how many. */
  sweep(before: number): Promise<number>;
}

export interface VaultEntry {
  readonly path: string;
  readonly bytes: number;
}

/** One kind of vault; an entry of `vaults:` is of the one type that accepts it. */
export interface VaultType {
  readonly type: string;
  /** One sentence for the reference. */
  readonly summary: string;
  readonly testedAgainst: string;
  /** How it is written in the manifest. */
  readonly entry: z.ZodType;
  /** What `open` needs of such an entry; undefined when it is one of another type. Relative paths begin in `folder`. */
  settingsOf(entry: unknown, folder: string): unknown;
  open(name: string, settings: unknown, io: VaultIo): Vault;
}

export interface VaultIo {
  readonly ids: Ids;
}
