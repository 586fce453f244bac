import type { Clock } from '../../kernel/clock.ts';
import type { Files } from '../../kernel/files.ts';
import type { ApiClient } from './api-client.ts';
import type { CommandIndex } from './command-index.ts';
import type { OfflineImport } from './offline-import.ts';
import type { OfflineKeys } from './offline-keys.ts';
import type { OfflineVault } from './offline-vault.ts';
import type { Terminal } from './terminal.ts';

/** Everything a command may touch. The program makes one per run; a test passes fakes. */
export interface CliContext extends Terminal {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly files: Files;
  /** Where the person is: relative paths start here. Absolute. */
  readonly folder: string;
  readonly version: VersionFacts;
  readonly offline: Offline;
  /** What there is, for `completion`. */
  readonly commands: CommandIndex;
}

export interface VersionFacts {
  readonly version: string;
  readonly node: string;
  /** E.g. `linux-x64`. */
  readonly platform: string;
}

/** What works without a running server. `app/` wires it to the areas and to the platform. */
export interface Offline extends OfflineImport, OfflineKeys, OfflineVault {
  /** Fulfils when the server has stopped. */
  serve(options: ServeOptions): Promise<void>;
  /** Fulfils when the probe has stopped. */
  probe(options: ProbeOptions): Promise<void>;
  /** Fulfils when the demonstration was stopped and everything it started has ended. */
  demo(options: DemoOptions): Promise<void>;
  /** Reads the manifest at this path, or the one that `serve` would read, and applies nothing. */
  checkManifest(path: string | undefined): Promise<ManifestReport>;
  /** Looks through a folder and proposes a manifest for what is there; writes nothing. */
  proposeManifest(folder: string): Promise<ManifestProposal>;
  /** Puts the schema of the manifest where editors look for it, in this folder. Never fails. */
  writeEditorSchema(folder: string): Promise<void>;
  /** What `doctor` asks about this machine. */
  readonly host: HostFacts;
  /** The steps of the database's schema; without `downTo` those to do, with it those to undo. */
  planMigration(downTo: string | undefined): Promise<MigrationPlan>;
  /** Does what the plan of the same argument says. */
  migrate(downTo: string | undefined): Promise<MigrationPlan>;
}

export const SERVE_ROLES = ['web', 'checks', 'jobs', 'delivery'] as const;
export type ServeRole = (typeof SERVE_ROLES)[number];

/** What was typed; undefined leaves it to the environment variables and their defaults. */
export interface ServeOptions {
  readonly manifest: string | undefined;
  readonly port: number | undefined;
  readonly host: string | undefined;
  readonly dataDir: string | undefined;
  readonly roles: readonly ServeRole[] | undefined;
}

export type ProbeOptions = Pick<ServeOptions, 'dataDir'>;

export interface DemoOptions extends Pick<ServeOptions, 'port' | 'host' | 'dataDir'> {
  /** Breaks nothing by itself. */
  readonly skipRehearsal: boolean;
}

/** What reading a manifest found out. It may be applied exactly when there are no problems. */
export interface ManifestReport {
  /** In the order they were merged; relative to the folder where possible. */
  readonly files: readonly string[];
  readonly app: string | null;
  readonly services: number;
  readonly monitors: number;
  /** Variables the services declare that were looked at. */
  readonly variables: number;
  readonly problems: readonly ManifestProblem[];
  readonly warnings: readonly ManifestProblem[];
}

/** Something the author can put right. Lines and columns count from 1; null when it is about a whole file. */
export interface ManifestProblem {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly hint?: string | null;
  /** The line as written. Shown on a terminal only: it may hold a secret, and a pipe often ends in a log of many. */
  readonly excerpt?: string;
}

export interface ManifestProposal {
  /** The whole commented `evenkeel.yaml`. */
  readonly text: string;
  /** What was found, and where the proof of it stands. */
  readonly findings: readonly ProposalFinding[];
}

export interface ProposalFinding {
  /** E.g. `service api`. */
  readonly what: string;
  /** E.g. `compose.yaml names it; its image is postgres:16`. */
  readonly why: string;
}

/** Questions about this machine; an answer never throws, what went wrong is part of it. */
export interface HostFacts {
  dataFolder(): Promise<{ readonly path: string; readonly freeBytes: number; readonly cause: string | null }>;
  /** Who holds the port `serve` would listen on. */
  port(): Promise<{ readonly address: string; readonly holder: 'nobody' | 'evenkeel' | 'another' }>;
  database(): Promise<DatabaseFacts>;
  /** What alerts and backups take, as far as the manifest uses them. */
  needs(): Promise<HostNeeds>;
  /** EVENKEEL_PUBLIC_URL. */
  readonly publicUrl: string | undefined;
  /** The oldest Node this version runs on, e.g. `26.0.0`. */
  readonly nodeNeeded: string;
}

export interface DatabaseFacts {
  readonly engine: 'sqlite' | 'postgres';
  /** Without user or password. */
  readonly where: string;
  /** Why it cannot be used; null when it answers, and when it would be made on the first start. */
  readonly cause: string | null;
  /** Steps of the schema still to be done; `serve` does them. */
  readonly pendingSteps: number;
  /** What time the database thinks it is, epoch milliseconds; null when it was not asked. */
  readonly now: number | null;
}

/** Null for what the manifest does not use. */
export interface HostNeeds {
  /** Who is told by mail, e.g. `the channel dev`, and whether there is a server that would send it. */
  readonly mail: { readonly usedBy: readonly string[]; readonly isSet: boolean } | null;
  readonly backups: BackupNeeds | null;
}

export interface BackupNeeds {
  /** Signs backups. Known: its public key is one of `keys.signers`, or there are none. */
  readonly signingKey: KeyNeed;
  /** Opens backups. Known: the public key of one of its keys is among `keys.recipients`. */
  readonly identity: KeyNeed;
  readonly vaults: readonly VaultNeed[];
  /** Of the engines that are backed up; empty where none needs any. */
  readonly programs: readonly ProgramNeed[];
}

export type KeyNeed =
  | { readonly state: 'unset' }
  /** The file cannot be read, or holds no such key: what is wrong, and what to do about it. */
  | { readonly state: 'unusable'; readonly says: string; readonly fix: string }
  | { readonly state: 'unknown' | 'known'; readonly file: string; readonly publicKey: string };

export interface VaultNeed {
  readonly name: string;
  readonly where: string;
  /** Why it cannot be written; null when it can, and when it would be made by the first backup. */
  readonly cause: string | null;
}

export interface ProgramNeed {
  readonly name: string;
  /** Null when it is not there. */
  readonly version: string | null;
  /** Debian's package that brings it. */
  readonly package: string;
  readonly isForProof: boolean;
}

export interface MigrationPlan {
  /** The file's or the database's name: what `--confirm` has to repeat. */
  readonly database: string;
  readonly direction: 'up' | 'down';
  /** In the order they are done or undone. */
  readonly steps: readonly string[];
}
