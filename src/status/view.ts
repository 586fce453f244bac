import type { AppModel } from '../contracts/app-model.ts';
import type { BackupSourceNow, DeliveryNow, MonitorHistory, MonitorNow } from '../contracts/facts.ts';
import type { State } from '../contracts/state.ts';
import { componentHistory, type PublicHistory } from './component-history.ts';
import { type Overall, overallOf } from './overall.ts';
import { type DayRange, type PastEvent, pastEvents, quietDays } from './past-events.ts';
import { type PublicReadiness, readinessOf } from './readiness.ts';
import type { StatusSettings } from './section.ts';

/**
 * What anybody may see: names, descriptions, states and times. It has no place for targets, reasons, addresses or the
 * names of private things, so no page, feed or mail made from it can show them.
 */
export interface PublicView {
  /** Null when the manifest gives no title: the page then builds one from `app` in the visitor's language. */
  readonly title: string | null;
  readonly app: string;
  readonly home: string | null;
  readonly support: string | null;
  /** Tags a visitor may choose from; the first is used when none of theirs is there. */
  readonly languages: readonly string[];
  /** When any of these components was last checked, epoch milliseconds; null before the first result. */
  readonly checkedAt: number | null;
  /** The shortest and the longest interval between two checks; null when there is nothing to check. */
  readonly interval: { readonly minMs: number; readonly maxMs: number } | null;
  readonly overall: Overall;
  /** Midnights UTC, oldest first, today last. Every component's `days` has one state for each of them. */
  readonly days: readonly number[];
  readonly groups: readonly PublicGroup[];
  /** Newest first, and only what is over. */
  readonly past: readonly PastEvent[];
  /** Days without a problem, later than everything in `past`. */
  readonly quiet: DayRange | null;
  /** Null when the manifest keeps it private. */
  readonly readiness: PublicReadiness | null;
}

export interface PublicGroup {
  /** Null for the one group there is when the manifest makes none. */
  readonly name: string | null;
  readonly components: readonly PublicComponent[];
}

/** A service or a monitor, as visitors know it. */
export interface PublicComponent {
  readonly name: string;
  readonly description: string | null;
  readonly state: State;
  readonly since: number | null;
  readonly checkedAt: number | null;
  /** Where its trouble comes from; null when it is well or is the origin itself. */
  readonly cause: Cause | null;
  readonly history: PublicHistory;
}

/** A cause the public cannot see is never named. */
export type Cause = { readonly kind: 'component'; readonly name: string } | { readonly kind: 'internal' };

export interface ViewSources {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly model: AppModel;
  readonly settings: StatusSettings;
  readonly monitors: readonly MonitorNow[];
  readonly history: ReadonlyMap<string, MonitorHistory>;
  readonly sources: readonly BackupSourceNow[];
  readonly deliveries: readonly DeliveryNow[];
}

/** How many days the page looks back, today included. */
export const HISTORY_DAYS = 90;

export function publicView(sources: ViewSources): PublicView {
  const { now, model, settings, monitors, history } = sources;
  const groups = groupsOf(sources);
  const components = groups.flatMap((group) => group.components);
  const visible = visibleNames(settings, monitors);
  const intervals = monitors.filter(({ name }) => visible.has(name)).map(({ intervalMs }) => intervalMs);
  const days = [...history.values()][0]?.days.map(({ startsAt }) => startsAt) ?? [];
  return {
    title: settings.title ?? null,
    app: model.app,
    home: settings.home ?? null,
    support: settings.support ?? null,
    languages: settings.languages,
    checkedAt: latest(components.map(({ checkedAt }) => checkedAt)),
    interval: intervals.length === 0 ? null : { minMs: Math.min(...intervals), maxMs: Math.max(...intervals) },
    overall: overallOf(components),
    days,
    groups,
    past: pastEvents(components, now),
    quiet: quietDays(components, days),
    readiness: settings.readiness ? readinessOf(sources.sources, sources.deliveries) : null,
  };
}

/**
 * Whose state the public may see. Groups are the team's list of what it shows: a monitor in none of them is private.
 * Only when there are no groups at all everything is shown, so that a first page is not empty.
 */
export function visibleNames(settings: StatusSettings, monitors: readonly MonitorNow[]): ReadonlySet<string> {
  const watched = monitors.map(({ name }) => name);
  if (settings.groups === undefined) return new Set(watched);
  const listed = new Set(Object.values(settings.groups).flat());
  return new Set(watched.filter((name) => listed.has(name)));
}

function groupsOf({ settings, monitors, history }: ViewSources): readonly PublicGroup[] {
  const visible = visibleNames(settings, monitors);
  const byName = new Map(monitors.map((monitor) => [monitor.name, monitor]));
  const shown = new Set<string>();
  const listed: readonly (readonly [string | null, readonly string[]])[] =
    settings.groups === undefined ? [[null, [...visible]]] : Object.entries(settings.groups);

  return listed
    .map(([name, members]) => ({ name, components: members.flatMap((member) => componentsOf(member)) }))
    .filter(({ components }) => components.length > 0);

  // A name in two groups is shown in the first; one that nothing watches has no state to show.
  function componentsOf(member: string): readonly PublicComponent[] {
    const monitor = byName.get(member);
    if (monitor === undefined || shown.has(member)) return [];
    shown.add(member);
    return [
      {
        name: displayName(settings, member),
        description: monitor.description,
        state: monitor.state,
        since: monitor.since,
        checkedAt: monitor.lastCheckedAt,
        cause: causeOf(monitor, visible, settings),
        history: componentHistory(history.get(member)),
      },
    ];
  }
}

function causeOf(monitor: MonitorNow, visible: ReadonlySet<string>, settings: StatusSettings): Cause | null {
  const { name, rootCause } = monitor;
  if (rootCause === null || rootCause === name) return null;
  return visible.has(rootCause) ? { kind: 'component', name: displayName(settings, rootCause) } : { kind: 'internal' };
}

function displayName(settings: StatusSettings, name: string): string {
  return Object.hasOwn(settings.names, name) ? (settings.names[name] ?? name) : name;
}

function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 ? null : Math.max(...known);
}
