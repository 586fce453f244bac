import type { ManifestProblem } from './context.ts';

/** Moving in from another tool, without a running server. */
export interface OfflineImport {
  /** Reads the source and writes what it becomes into `evenkeel.d/`, unless it is a dry run or would not be right. */
  importFrom(wish: ImportWish): Promise<ImportReport>;
  /** What was measured there of what has been imported, under the names it has here; oldest first. */
  importedPast(wish: Pick<ImportWish, 'source' | 'where'>): AsyncIterable<PastOfMonitor>;
}

export interface ImportWish {
  /** Of whom, e.g. `kuma`. */
  readonly source: string;
  /** A path or an address, as typed. */
  readonly where: string;
  /** Also writes over what people edited since. */
  readonly overwrites: boolean;
  readonly isDryRun: boolean;
}

export interface ImportReport {
  /** E.g. `Uptime Kuma`. */
  readonly title: string;
  /** Relative to the folder of the manifest. */
  readonly file: string;
  readonly isWritten: boolean;
  readonly items: readonly ImportedItem[];
  /** Variables that stand for secrets: their values are in `.env` and never shown. */
  readonly variables: readonly { readonly name: string; readonly state: 'added' | 'there' | 'differs' }[];
  /** About the whole. */
  readonly notes: readonly string[];
  /** Of the manifest as it would be; with any, nothing is written. */
  readonly problems: readonly ManifestProblem[];
  /** Whether the source keeps what was measured. */
  readonly hasPast: boolean;
}

export interface ImportedItem {
  /** In one or two words, e.g. `monitor`. */
  readonly what: string;
  /** What it is called there. */
  readonly title: string;
  /** Where it stands there. */
  readonly from: string;
  /** Where it stands here, e.g. `monitors.shop`; null when it does not. */
  readonly place: string | null;
  readonly outcome: 'created' | 'changed' | 'there' | 'skipped' | 'cannot';
  /** Why it was skipped or cannot be; null otherwise. */
  readonly reason: string | null;
  /** What was changed on the way. */
  readonly notes: readonly string[];
}

export interface PastOfMonitor {
  readonly monitor: string;
  readonly spans: readonly {
    /** Epoch milliseconds. */
    readonly at: number;
    readonly length: 'hour' | 'day';
    readonly up: number;
    readonly down: number;
    readonly latency: { readonly averageMs: number; readonly minMs: number; readonly maxMs: number } | null;
    readonly outages: readonly { readonly from: number; readonly to: number }[];
  }[];
}
