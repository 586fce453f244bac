/** The part of the contract about maintenance: announced work, and monitors that are paused. */
export interface MaintenanceListView {
  /** Open ones and those to come, by their beginning. */
  readonly windows: readonly MaintenanceView[];
}

export interface MaintenanceView {
  /** Its name in the manifest, or the id of one that was opened by hand. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'planned' | 'by hand';
  readonly monitors: readonly string[];
  readonly isOpen: boolean;
  readonly startsAt: string;
  /** Null when somebody ends it by hand. */
  readonly endsAt: string | null;
  /** Whether checks rest too: nothing is asked of the target. */
  readonly pausesChecks: boolean;
  /** Null when the manifest plans it. */
  readonly startedBy: string | null;
  readonly reason: string | null;
}

export interface MaintenanceChangeView {
  readonly isDryRun: boolean;
  /** As it is now; on a dry run as it would begin, or as it is before its end. */
  readonly window: MaintenanceView;
}

export interface MaintenanceInput {
  readonly title: string;
  /** Everything that is watched when left out. */
  readonly monitors?: readonly string[];
  /** How long, e.g. `2h`; or `until` an instant. With neither, until somebody ends it. */
  readonly for?: string;
  readonly until?: string;
  readonly pausesChecks?: boolean;
  readonly reason: string;
  readonly dryRun?: boolean;
}
