/** The part of the contract that probes speak: only the token of a probe opens it, for its own location. */
export interface ProbeAssignmentInput {
  /** The version of the probe. */
  readonly version: string;
  /** What it has; an assignment that did not change is not sent again. */
  readonly tag?: string;
}

export interface ProbeAssignmentView {
  /** The one that the token is for. */
  readonly location: string;
  /** Changes whenever the assignment does. */
  readonly tag: string;
  /** Null when the caller has it already. */
  readonly assignment: ProbeAssignmentBody | null;
}

export interface ProbeAssignmentBody {
  readonly monitors: readonly AssignedMonitorView[];
  /** What it is not told of, because a secret is written out in it. */
  readonly withheld: readonly { readonly monitor: string; readonly reason: string }[];
}

export interface AssignedMonitorView {
  readonly name: string;
  readonly section: 'services' | 'monitors';
  /** A piece of the manifest as it is written, with `${NAME}` where the probe fills in its own. */
  readonly entry: Readonly<Record<string, unknown>>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** What was measured; the same results may be sent again until they are acknowledged. Times are epoch milliseconds. */
export interface ProbeResultsInput {
  readonly location: string;
  readonly version: string;
  /** Names the memory of the probe, in which `seq` counts. */
  readonly spool: string;
  /** What time the probe thinks it is. */
  readonly now: number;
  /** What it cannot check, and why. */
  readonly gaps: readonly { readonly monitor: string; readonly reason: string }[];
  /** With ascending `seq`. */
  readonly results: readonly ProbeResultView[];
}

export interface ProbeResultView {
  readonly seq: number;
  readonly monitor: string;
  readonly at: number;
  readonly outcome: 'up' | 'degraded' | 'down';
  readonly latencyMs: number | null;
  readonly reason: string | null;
  readonly readings?: Readonly<Record<string, number>> | undefined;
}

export interface ProbeReceiptView {
  /** The probe may forget everything up to here. */
  readonly storedSeq: number;
  /** How far the clock of the server is ahead. */
  readonly skewMs: number;
  /** Too old for anybody to be told of; stored all the same. */
  readonly late: number;
  /** Not stored: of monitors that do not name this location any more, or from the future. */
  readonly ignored: number;
  /** Of the assignment that holds now. */
  readonly tag: string;
}
