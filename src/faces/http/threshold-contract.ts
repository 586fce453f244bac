/** The part of the contract about limits for what is measured. */
export interface ThresholdListView {
  /** The rules in force, in the order of the preset and the manifest. */
  readonly thresholds: readonly ThresholdView[];
  /** What is beyond its limit now, the longest first. */
  readonly crossed: readonly ThresholdCrossedView[];
}

export interface ThresholdView {
  /** E.g. `disk-space`. */
  readonly rule: string;
  /** What is measured; `disk` also means `disk:/var`. */
  readonly reading: string;
  readonly side: 'above' | 'below';
  /** What its limits are in: `share` is 0 to 1, `ms` milliseconds. */
  readonly unit: 'share' | 'ms' | 'number';
  /** At most one of each level, `warning` first; never empty. */
  readonly levels: readonly ThresholdLevelView[];
  /** What tells people what to do then. */
  readonly runbook: string;
  /** Null: every monitor that gives this reading. */
  readonly monitors: readonly string[] | null;
}

export interface ThresholdLevelView {
  readonly level: 'warning' | 'critical';
  readonly limit: number;
  /** How long a value has to stand beyond it; 0 is two measurements in a row. */
  readonly forMs: number;
  /** In plain words, e.g. `> 80% for 10m`. */
  readonly words: string;
}

export interface ThresholdCrossedView {
  readonly rule: string;
  readonly monitor: string;
  readonly reading: string;
  readonly level: 'warning' | 'critical';
  /** E.g. `Disk /var is at 91%, above 90%.` */
  readonly reason: string;
  readonly runbook: string;
  readonly since: string;
}
