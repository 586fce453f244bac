/** The keys of backups, made and shown without a server. `app/` wires it. */
export interface OfflineKeys {
  /**
   * Makes the keys in this folder, readable by nobody else. An existing file is never overwritten: then it rejects,
   * and nothing is written. A dry run writes nothing either.
   */
  createKeys(options: { readonly folder: string; readonly isDryRun: boolean }): Promise<KeysReport>;
  /** The public halves of the keys in this folder; rejects when there is none. */
  showKeys(options: { readonly folder: string }): Promise<KeysReport>;
}

export interface KeysReport {
  /** Absolute. */
  readonly folder: string;
  /** In the order people need them. */
  readonly keys: readonly KeyFacts[];
  /** The section `keys:` of evenkeel.yaml with the public halves; null on a dry run, which has none. */
  readonly manifest: string | null;
}

/** Never the private half: only where it is. */
export interface KeyFacts {
  /** Name of the file in the folder, e.g. `offline.agekey`. */
  readonly file: string;
  /** What it is for, as one sentence, e.g. `Opens backups when the server is lost.` */
  readonly use: string;
  /** Where it belongs, as one sentence, e.g. `Print it, lock it away, and delete it here.` */
  readonly place: string;
  /** E.g. `age1…` or `ed25519:…`; null on a dry run. */
  readonly publicKey: string | null;
}
