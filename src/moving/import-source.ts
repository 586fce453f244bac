import type { NameFor } from './names.ts';
import type { ImportPlan } from './plan.ts';

/** One kind of place that people move in from. Pure: what it reads comes through `io`, and it writes nothing. */
export interface ImportSource {
  /** What is typed, e.g. `kuma`. */
  readonly type: string;
  /** What it is called, e.g. `Uptime Kuma`. */
  readonly title: string;
  /** One sentence: what is read and what becomes of it. */
  readonly summary: string;
  /** What is typed after it, e.g. `data/kuma.db`. */
  readonly example: string;
  /** What it was tested against, with versions. */
  readonly testedAgainst: string;
  /** Throws IMPORT_UNREADABLE for a source that is not what it should be. */
  plan(request: ImportRequest): Promise<ImportPlan>;
  /** What was measured there, monitor by monitor, for sources that keep such. */
  past?(request: Pick<ImportRequest, 'where' | 'io'>): AsyncIterable<ImportedPast>;
}

export interface ImportRequest {
  /** As it was typed: a path, or an address. */
  readonly where: string;
  readonly io: ImportIo;
  readonly nameFor: NameFor;
}

/** The world as a source sees it. Paths are relative to where the command was typed. */
export interface ImportIo {
  /** The text of a file; undefined when there is none. Throws FILE_TOO_LONG and FILE_UNUSABLE. */
  read(path: string): Promise<string | undefined>;
  /** Names in a folder, sorted; empty when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** A SQLite database, read only and never changed; undefined when the file is none. Closed by whoever made the io. */
  database(path: string): Promise<Tables | undefined>;
  /** Asks a web address with GET. Throws IMPORT_UNREADABLE when nothing answers. */
  get(
    url: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly text: string }>;
  /** A variable of the environment, e.g. the key of an API. */
  variable(name: string): string | undefined;
  /** Epoch milliseconds: what is over is not announced again. */
  now(): number;
}

export type Row = Readonly<Record<string, unknown>>;

export interface Tables {
  /** Names of the tables. */
  names(): readonly string[];
  /** Ascending by id or time; all of the table, or those with these values in these columns. Empty for a table that is missing. */
  rows(table: string, where?: Readonly<Record<string, string | number>>): Iterable<Row>;
}

/** What was measured of one thing. */
export interface ImportedPast {
  /** The key of its item. */
  readonly key: string;
  /** Ascending, without overlaps. */
  readonly spans: readonly PastSpan[];
}

/** What the checks of an hour or a day said. */
export interface PastSpan {
  /** When it begins, epoch milliseconds: the start of an hour, or of a day in UTC. */
  readonly at: number;
  readonly length: 'hour' | 'day';
  readonly up: number;
  readonly down: number;
  /** Of checks that were up; null when nothing was measured. */
  readonly latency: { readonly averageMs: number; readonly minMs: number; readonly maxMs: number } | null;
  /** When it was down, as far as that is known; ascending, epoch milliseconds. */
  readonly outages: readonly { readonly from: number; readonly to: number }[];
}
