import type { AppModel } from '../contracts/app-model.ts';
import type { ReferenceAddress } from './coverage/section.ts';
import { type Retention, retentionOf } from './history/section.ts';
import { type WrittenManifest, writtenManifest } from './locations/assignment.ts';
import type { PlannedWindow } from './maintenance/planned-window.ts';
import { plannedWindowsOf } from './maintenance/window-of.ts';
import type { Monitor } from './monitor.ts';
import { monitorsOf } from './monitors-of.ts';
import type { Objective } from './objectives/objective.ts';
import { objectivesOf } from './objectives/objectives-of.ts';
import type { Slo } from './objectives/section.ts';
import type { MonitorEntries, ServiceTiming } from './section.ts';
import type { Rule } from './thresholds/rule.ts';
import { rulesOf } from './thresholds/rules-of.ts';
import type { ThresholdEntries } from './thresholds/section.ts';

/** Everything monitoring does for one application, with every default filled in. */
export interface MonitoringPlan {
  readonly monitors: readonly Monitor[];
  readonly maintenance: readonly PlannedWindow[];
  readonly objectives: readonly Objective[];
  readonly thresholds: readonly Rule[];
  readonly connectivity: readonly ReferenceAddress[];
  readonly retention: Retention;
  /** As it stands in the repository, for probes, which fill in their own secrets. */
  readonly written: WrittenManifest;
}

/** The keys of the manifest that monitoring reads. */
export interface MonitoringSettings {
  readonly monitors?: MonitorEntries | undefined;
  readonly services?: Readonly<Record<string, ServiceTiming & { readonly slo?: Slo | undefined }>> | undefined;
  readonly maintenance?: Parameters<typeof plannedWindowsOf>[0] | undefined;
  readonly thresholds?: ThresholdEntries | undefined;
  readonly connectivity?: readonly ReferenceAddress[] | undefined;
  readonly history?: Parameters<typeof retentionOf>[0] | undefined;
}

export interface PlanNote {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
}

/** `written` is the manifest before its variables were filled in. */
export function monitoringPlanOf(
  model: AppModel,
  settings: MonitoringSettings,
  written: unknown,
): { readonly plan: MonitoringPlan; readonly notes: readonly PlanNote[] } {
  const { monitors = {}, services = {}, maintenance = {}, thresholds = {}, connectivity = [], history } = settings;
  const watched = monitorsOf(model, { monitors, services });
  const promises = objectivesOf(watched.monitors, { monitors, services });
  return {
    plan: {
      ...planFor(watched.monitors),
      maintenance: plannedWindowsOf(maintenance),
      objectives: promises.objectives,
      thresholds: rulesOf(thresholds),
      connectivity,
      retention: retentionOf(history),
      written: writtenManifest(written),
    },
    notes: [
      ...watched.unwatched.map(({ service, reason }) => ({ path: ['services', service], message: reason })),
      ...promises.notes,
    ],
  };
}

/** Nothing but these monitors, and what holds without being written. */
export function planFor(monitors: readonly Monitor[]): MonitoringPlan {
  return {
    monitors,
    maintenance: [],
    objectives: [],
    thresholds: rulesOf({}),
    connectivity: [],
    retention: retentionOf(),
    written: { services: {}, monitors: {} },
  };
}
