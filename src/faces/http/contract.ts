import type { State } from '../../contracts/state.ts';
import type {
  AuditListView,
  TokenCreatedView,
  TokenInput,
  TokenListView,
  TokenRevokedView,
} from './access-contract.ts';
import type { AlertListView, AlertView, DeliveryListView, DeliveryView } from './alert-contract.ts';
import type {
  BackupListView,
  BackupRequestedView,
  BackupRunView,
  BackupSourceListView,
  BackupSourceView,
} from './backup-contract.ts';
import type { MaintenanceChangeView, MaintenanceInput, MaintenanceListView } from './maintenance-contract.ts';
import type { ObjectiveListView, ObjectiveView } from './objective-contract.ts';
import type { LatencySeriesView, PastAddedView, PastInput, UptimeView } from './past-contract.ts';
import type {
  ProbeAssignmentInput,
  ProbeAssignmentView,
  ProbeReceiptView,
  ProbeResultsInput,
} from './probe-contract.ts';
import type { ThresholdListView } from './threshold-contract.ts';
import type { MonitorSaidView, PartView, PingView } from './told-contract.ts';

export type * from './access-contract.ts';
export type * from './alert-contract.ts';
export type * from './backup-contract.ts';
export type * from './maintenance-contract.ts';
export type * from './objective-contract.ts';
export type * from './past-contract.ts';
export type * from './probe-contract.ts';
export type * from './threshold-contract.ts';
export type * from './told-contract.ts';

/**
 * What the API at `/api/v1` promises, as types only: the server, the command line and the console share this file and
 * what it exports, and nothing else. Times are ISO 8601 in UTC, durations are milliseconds and end in `Ms`, ratios go from 0 to 1. Fields
 * are only ever added.
 *
 * A caller proves who it is with `Authorization: Bearer ek_…`, or by being able to open the admin socket.
 * A refusal is an `ErrorView` with the HTTP status of its kind.
 */
export interface ApiAnswers {
  'GET /api/v1/status': StatusView;
  'GET /api/v1/monitors': MonitorListView;
  'GET /api/v1/monitors/:name': MonitorDetailView;
  'GET /api/v1/monitors/:name/results': ResultListView;
  'GET /api/v1/monitors/:name/pictures': PictureListView;
  'GET /api/v1/monitors/:name/latency': LatencySeriesView;
  'GET /api/v1/monitors/:name/uptime': UptimeView;
  'POST /api/v1/monitors/:name/past': PastAddedView;
  'POST /api/v1/monitors': MonitorPartView;
  'DELETE /api/v1/monitors/:name': MonitorPartView;
  'POST /api/v1/monitors/:name/run': CheckView;
  'POST /api/v1/monitors/:name/state': MonitorSaidView;
  'GET /api/v1/objectives': ObjectiveListView;
  'GET /api/v1/objectives/:name': ObjectiveView;
  'GET /api/v1/thresholds': ThresholdListView;
  'POST /api/v1/monitors/:name/pause': MaintenanceChangeView;
  'POST /api/v1/monitors/:name/resume': MaintenanceChangeView;
  'GET /api/v1/maintenance': MaintenanceListView;
  'POST /api/v1/maintenance': MaintenanceChangeView;
  'POST /api/v1/maintenance/:id/end': MaintenanceChangeView;
  'GET /api/v1/alerts': AlertListView;
  'GET /api/v1/alerts/deliveries': DeliveryListView;
  'GET /api/v1/backups': BackupListView;
  'GET /api/v1/backups/sources': BackupSourceListView;
  'POST /api/v1/backups': BackupRequestedView;
  'POST /api/v1/backups/:id/verify': BackupRequestedView;
  'POST /api/v1/backups/:id/restore': BackupRequestedView;
  'GET /api/v1/backups/runs/:id': BackupRunView;
  'GET /api/v1/manifest': ManifestView;
  'POST /api/v1/manifest/reload': ManifestReloadView;
  'GET /api/v1/tokens': TokenListView;
  'POST /api/v1/tokens': TokenCreatedView;
  'DELETE /api/v1/tokens/:id': TokenRevokedView;
  'GET /api/v1/audit': AuditListView;
  'GET /api/v1/probe/assignment': ProbeAssignmentView;
  'POST /api/v1/probe/results': ProbeReceiptView;
  'GET /api/v1/self': SelfView;
}

/** What each address takes: path parameters, query and body as one object. An address not listed takes nothing. */
export interface ApiInputs {
  /** `days` of history, 1 to 90; 90 when left out. */
  'GET /api/v1/monitors/:name': { readonly name: string; readonly days?: number };
  /** The newest `limit` results (100 when left out, at most 1000), none older than `since`. */
  'GET /api/v1/monitors/:name/results': { readonly name: string; readonly since?: string; readonly limit?: number };
  'GET /api/v1/monitors/:name/latency': {
    readonly name: string;
    readonly since?: string;
    readonly until?: string;
    readonly points?: number;
  };
  'GET /api/v1/monitors/:name/uptime': { readonly name: string };
  'GET /api/v1/monitors/:name/pictures': { readonly name: string };
  'POST /api/v1/monitors/:name/past': PastInput;
  /** `entry` is what would stand in the manifest. */
  'POST /api/v1/monitors': {
    readonly name: string;
    readonly entry: Readonly<Record<string, unknown>>;
    readonly dryRun?: boolean;
  };
  'DELETE /api/v1/monitors/:name': { readonly name: string; readonly dryRun?: boolean };
  'POST /api/v1/monitors/:name/run': { readonly name: string };
  /** Only of a `manual` monitor; it stays so until somebody says something else. */
  'POST /api/v1/monitors/:name/state': {
    readonly name: string;
    readonly state: 'up' | 'degraded' | 'down';
    readonly because?: string;
    readonly dryRun?: boolean;
  };
  'GET /api/v1/objectives/:name': { readonly name: string };
  /** `for` is a duration such as `2h`; without it until it is resumed. */
  'POST /api/v1/monitors/:name/pause': {
    readonly name: string;
    readonly for?: string;
    readonly reason?: string;
    readonly dryRun?: boolean;
  };
  'POST /api/v1/monitors/:name/resume': { readonly name: string; readonly dryRun?: boolean };
  /** `ahead` is a duration such as `90d`; 14d when left out. */
  'GET /api/v1/maintenance': { readonly ahead?: string };
  'POST /api/v1/maintenance': MaintenanceInput;
  'POST /api/v1/maintenance/:id/end': { readonly id: string; readonly dryRun?: boolean };
  /** The newest `limit` (50 when left out, at most 200). */
  'GET /api/v1/alerts': { readonly limit?: number };
  'GET /api/v1/alerts/deliveries': { readonly limit?: number };
  /** The newest `limit` (50 when left out, at most 1000), of one service or of all. */
  'GET /api/v1/backups': { readonly service?: string; readonly limit?: number };
  /** Takes a backup of this service now. */
  'POST /api/v1/backups': { readonly service: string; readonly dryRun?: boolean };
  /** Reads a backup to its end in every vault; `prove` restores it into a scratch database instead. */
  'POST /api/v1/backups/:id/verify': { readonly id: string; readonly prove?: boolean; readonly dryRun?: boolean };
  /** Restores it into a new database of this name beside the source, which is never touched. */
  'POST /api/v1/backups/:id/restore': { readonly id: string; readonly name: string; readonly dryRun?: boolean };
  'GET /api/v1/backups/runs/:id': { readonly id: string };
  /** `dryRun` reads the files and reports their problems, and applies nothing. */
  'POST /api/v1/manifest/reload': { readonly dryRun?: boolean };
  'POST /api/v1/tokens': TokenInput;
  'DELETE /api/v1/tokens/:id': { readonly id: string; readonly dryRun?: boolean };
  'GET /api/v1/probe/assignment': ProbeAssignmentInput;
  'POST /api/v1/probe/results': ProbeResultsInput;
  /** Newest first; `before` is the id of the last entry of the page before. */
  'GET /api/v1/audit': { readonly before?: string; readonly limit?: number };
  /** Answers one JSON object a line (`ExportLine`), oldest first. */
  'GET /api/v1/export': { readonly what: ExportSubject; readonly since?: string };
}

export interface ErrorView {
  readonly error: {
    /** Stable, e.g. `TOKEN_UNKNOWN`; explained in docs/errors.md. */
    readonly code: string;
    readonly message: string;
    /** What to do next. */
    readonly hint: string;
  };
}

/** The words of health endpoints (draft-inadarei-api-health-check). */
export type HealthWord = 'pass' | 'warn' | 'fail';

export interface StatusView {
  /** Null until a manifest has been loaded. */
  readonly app: string | null;
  readonly environment: string;
  /** The worst state of any monitor; `unknown` when nothing is watched. */
  readonly state: State;
  readonly counts: Readonly<Record<State, number>>;
  readonly monitors: readonly MonitorView[];
  /** Those that are open. */
  readonly alerts: readonly AlertView[];
  /** Given up within the last day, or waiting after an attempt that failed; newest first. */
  readonly undelivered: readonly DeliveryView[];
  /** How ready we are to lose each service that is backed up. */
  readonly readiness: readonly BackupSourceView[];
  readonly platform: PlatformView;
}

/** Evenkeel's own state. */
export interface PlatformView {
  readonly health: HealthWord;
  readonly database: HealthWord;
  readonly manifest: HealthWord;
  readonly version: string;
  readonly uptimeMs: number;
}

export interface MonitorListView {
  readonly monitors: readonly MonitorView[];
}

export interface MonitorView {
  readonly name: string;
  /** The monitor type, e.g. `http`. */
  readonly type: string;
  readonly description: string | null;
  /** What is watched, without anything secret: a host, or `host:port`. */
  readonly target: string;
  readonly state: State;
  /** Since when it has been in that state; null while nothing is known yet. */
  readonly since: string | null;
  readonly reason: string | null;
  readonly lastCheckedAt: string | null;
  /** What the latest check found wrong, while too few checks agree for the state to say so. */
  readonly unconfirmed: string | null;
  /** What its latest check measured, by name, e.g. `disk:/var`; shares are 0 to 1, times milliseconds. */
  readonly readings: Readonly<Record<string, number>>;
  /** What each place it is checked from is sure of; empty for one that is checked from the server alone. */
  readonly locations: readonly {
    readonly name: string;
    readonly state: State;
    readonly lastCheckedAt: string | null;
  }[];
  readonly latencyMs: number | null;
  readonly intervalMs: number;
  readonly dependsOn: readonly string[];
  /** The failing monitor this one's failure comes from; null while it is not failing. */
  readonly rootCause: string | null;
}

export interface MonitorDetailView extends MonitorView {
  /** What its target said of its own parts when it was last asked here; empty where it says nothing, or not lately. */
  readonly parts: readonly PartView[];
  readonly history: HistoryView;
  /**
   * Where a job reports, e.g. `https://status.shop.example/ping/4fT…`, with `/start` or `/fail` after it; null unless the monitor waits for such
   * reports and the caller is an operator: whoever knows the address can keep the monitor green.
   */
  readonly pingUrl: string | null;
  /** What jobs told it lately, newest first; null unless the monitor waits for it and the caller is an operator. */
  readonly pings: readonly PingView[] | null;
  /** What a web browser showed when something was wrong, newest first; null unless the caller is an operator. */
  readonly pictures: readonly PictureView[] | null;
}

export interface PictureListView {
  readonly monitor: string;
  readonly pictures: readonly PictureView[];
}

export interface PictureView {
  readonly at: string;
  /** Where it is, as image/png, for operators. */
  readonly url: string;
}

export interface HistoryView {
  readonly availability: AvailabilityView;
  /** Oldest first, one for each day asked for. */
  readonly days: readonly DayView[];
  /** Everything that was not up, newest first. */
  readonly troubles: readonly TroubleView[];
}

export interface AvailabilityView {
  /** Share of known time in which it worked; null when nothing is known. */
  readonly ratio: number | null;
  /** Share of the window about which anything is known. */
  readonly coverage: number;
  readonly ms: Readonly<Record<State, number>>;
}

export interface DayView {
  /** A UTC day, e.g. `2026-11-20`. */
  readonly date: string;
  readonly worst: State;
  readonly ms: Readonly<Record<State, number>>;
}

export interface TroubleView {
  readonly state: State;
  readonly startedAt: string;
  /** Null while it lasts. */
  readonly endedAt: string | null;
  readonly reason: string | null;
}

export interface ResultListView {
  readonly monitor: string;
  /** Newest first. */
  readonly results: readonly ResultView[];
}

/** What one check saw, before confirmation turned it into the monitor's state. */
export interface ResultView {
  readonly at: string;
  readonly state: State;
  readonly latencyMs: number | null;
  readonly reason: string | null;
}

/** A check made on request. It counts like any other, so `monitor` may already have changed by it. */
export interface CheckView {
  readonly result: ResultView;
  /** Each expectation as it came out, in the order of the manifest; empty where none is written. */
  readonly conditions: readonly ConditionView[];
  /** What the target said of its own parts; empty where it said nothing. */
  readonly parts: readonly PartView[];
  readonly monitor: MonitorView;
}

/** The file a monitor was added in, or was until now. */
export interface MonitorPartView {
  readonly isDryRun: boolean;
  readonly monitor: string;
  /** Relative to the folder of the manifest. */
  readonly file: string;
  readonly text: string;
}

export interface ConditionView {
  /** As it is written, e.g. `[STATUS] == 200`. */
  readonly condition: string;
  readonly holds: boolean;
  /** What was found, e.g. `503`; null when it could not be found out. */
  readonly actual: string | null;
  /** What it means when it does not hold. */
  readonly otherwise: 'down' | 'degraded';
}

export interface ManifestView {
  /** False until a manifest has been loaded; then only `rejected` says anything. */
  readonly isLoaded: boolean;
  readonly app: string | null;
  readonly environment: string;
  /** SHA-256 of what is applied. */
  readonly digest: string | null;
  readonly appliedAt: string | null;
  /** In the order they were merged. */
  readonly files: readonly string[];
  readonly services: number;
  readonly monitors: number;
  readonly warnings: readonly ProblemView[];
  /** The newest attempt, when it was refused: the configuration before it is still the one that is applied. */
  readonly rejected: { readonly at: string; readonly problems: readonly ProblemView[] } | null;
}

/** Something about a place in a file. Lines and columns count from 1. */
export interface ProblemView {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly hint: string | null;
}

export interface ManifestReloadView {
  readonly outcome: 'applied' | 'unchanged' | 'rejected';
  /** True when nothing was applied because nothing was meant to be. */
  readonly isDryRun: boolean;
  readonly problems: readonly ProblemView[];
  readonly warnings: readonly ProblemView[];
  readonly manifest: ManifestView;
}

export interface SelfView {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  /** Where state is kept. */
  readonly engine: 'sqlite' | 'postgres';
  readonly dataFolder: string;
  readonly environment: string;
  readonly processId: number;
  readonly startedAt: string;
  readonly uptimeMs: number;
  /** Resident set size of this process. */
  readonly memoryBytes: number;
}

export type ExportSubject = 'monitors' | 'changes' | 'results';

/** One line of `GET /api/v1/export` (application/x-ndjson). */
export type ExportLine =
  | (MonitorView & { readonly what: 'monitor' })
  | {
      readonly what: 'change';
      readonly monitor: string;
      readonly at: string;
      readonly state: State;
      readonly reason: string | null;
    }
  | (ResultView & { readonly what: 'result'; readonly monitor: string });
