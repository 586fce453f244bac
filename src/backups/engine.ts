import type { Readable } from 'node:stream';
import type { Clock } from '../kernel/clock.ts';
import type { Exec } from '../kernel/exec.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Secret } from '../kernel/secret.ts';
import type { DumpFacts, TableCount } from './format/backup-manifest.ts';

/** One kind of data store: how it is read out, and how it is put back. A service names its engine in the manifest. */
export interface BackupEngine {
  readonly type: string;
  /** One sentence for the reference. */
  readonly summary: string;
  /** What it was tested against, e.g. `PostgreSQL 15`. */
  readonly testedAgainst: string;
  /** What is inside `dump.zst.age`, e.g. `a pg_dump archive in custom format`. */
  readonly contents: string;
  /** The commands, for a shell, that put a decrypted and unpacked dump back; `RESTORE.md` shows them. */
  readonly restoreCommands: (facts: DumpFacts) => RestoreCommands;
  /** Starts to read the source out, as it was at one instant. */
  dump(source: Source, io: EngineIo): Promise<Dump>;
  /** Reads a dump to its end as the engine's own tool does; rejects with `BACKUP_DUMP_UNREADABLE`. */
  readThrough(dump: Readable, io: EngineIo): Promise<void>;
  /** Loads a dump; resolves when the loader said that all of it is in. Nothing is left behind when it rejects. */
  restore(dump: Readable, into: RestoreTarget, facts: DumpFacts, io: EngineIo): Promise<RestoredDatabase>;
}

/** What is backed up. */
export interface Source {
  readonly service: string;
  readonly url: Secret;
}

export interface Dump {
  readonly stream: Readable;
  /**
   * Fulfils when the program that wrote the stream has ended well, and rejects with `BACKUP_DUMP_FAILED` when it did
   * not: the end of the stream alone says nothing. A reader that gives up destroys the stream.
   */
  readonly finished: Promise<DumpFacts>;
}

export interface EngineIo {
  readonly exec: Exec;
  readonly clock: Clock;
  /** For the passwords of scratch databases. */
  readonly ids: Ids;
  readonly signal: AbortSignal;
}

export type RestoreTarget =
  /** A server or file of its own that nobody else can reach, gone after `close`. */
  | { readonly kind: 'scratch' }
  /** A new database of this name where the source is: never the source itself. */
  | { readonly kind: 'beside'; readonly source: Source; readonly name: string }
  /** An existing and empty database, or a file that does not exist yet. */
  | { readonly kind: 'at'; readonly url: Secret };

export interface RestoredDatabase {
  /** For people: host and name, or a path. Never a password. */
  readonly where: string;
  /** Whole sentences about what else was found there and somebody should see to. */
  readonly notes: readonly string[];
  /** Every table with its exact number of rows, in order of name. */
  tables(): Promise<readonly TableCount[]>;
  /** Asks one of the owner's questions; it may only read, and has so long to answer. */
  ask(query: string, timeoutMs: number): Promise<Answer>;
  /** A scratch database is gone after that; any other stays. */
  close(): Promise<void>;
}

export type Answer =
  | { readonly outcome: 'true' }
  /** `detail` is what came instead: a value, or the error of the database. */
  | { readonly outcome: 'false'; readonly detail: string };

/** Lines for a shell. `$DUMP` is the unpacked file; `$TARGET` is where it goes. */
export interface RestoreCommands {
  /** Debian's packages with the programs that are used, e.g. `postgresql-client`. */
  readonly packages: readonly string[];
  /** What `$TARGET` is to be set to, e.g. `the address of an empty database`. */
  readonly target: string;
  readonly commands: readonly string[];
}
