import { endOf, type HandWindow } from './hand-window.ts';
import { type PlannedWindow, startsWithin } from './planned-window.ts';
import { remembered } from './remembered-starts.ts';

export interface OpenWindow {
  /** Its name in the manifest, or the id of one that was started by hand. */
  readonly window: string;
  readonly title: string;
  readonly from: number;
  /** Null: until somebody ends it. */
  readonly until: number | null;
  readonly pausesChecks: boolean;
}

/** One time that a window is open, for whom, from when and until when. */
export interface Occurrence extends OpenWindow {
  /** Of those that are watched, in their order. */
  readonly monitors: readonly string[];
  readonly kind: 'planned' | 'by hand';
}

export interface MaintenanceCalendar {
  /**
   * The window that is open for this monitor at this instant; of several the one that ends last. It pauses checks when
   * any of them does. A window is open at its beginning, and no more at its end.
   */
  openFor(monitor: string, at: number): OpenWindow | null;
  /** Whether `openFor` says anything for anybody at this instant. Cheap: it is asked every second. */
  isAnyOpen(at: number): boolean;
  /** The first instant after `at` at which `openFor` may change for any monitor; null when it never will. */
  nextChange(at: number): number | null;
  /** Everything that is open at some time in [from, to), by its beginning. */
  windows(from: number, to: number): readonly Occurrence[];
}

interface Watched {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

/** A window at work: it knows the latest time it began, for nothing before it can still be open after that. */
interface Window {
  readonly monitors: ReadonlySet<string>;
  openAt(at: number): OpenWindow | null;
  nextChange(at: number): number | null;
  within(from: number, to: number): readonly OpenWindow[];
  readonly kind: Occurrence['kind'];
}

/** Pure: what is said of an instant depends on nothing but these windows. */
export function createCalendar(
  planned: readonly PlannedWindow[],
  byHand: readonly HandWindow[],
  monitors: readonly Watched[],
): MaintenanceCalendar {
  const among = watchedOf(monitors);
  const windows = [
    ...planned.map((window) => plannedWindow(window, coveredBy(window, among))),
    ...byHand.map((window) => handWindow(window, coveredBy({ ...window, coversDependents: false }, among))),
  ];
  const windowsOf = new Map<string, Window[]>(monitors.map(({ name }) => [name, []]));
  for (const window of windows) for (const name of window.monitors) windowsOf.get(name)?.push(window);

  return {
    isAnyOpen: (at) => windows.some((window) => window.monitors.size > 0 && window.openAt(at) !== null),

    openFor(monitor, at) {
      const open = (windowsOf.get(monitor) ?? []).flatMap((window) => window.openAt(at) ?? []);
      const [first, ...others] = open;
      if (first === undefined) return null;
      const last = others.reduce((latest, each) => (endsAfter(each, latest) ? each : latest), first);
      return { ...last, pausesChecks: open.some((each) => each.pausesChecks) };
    },

    nextChange(at) {
      const changes = windows.flatMap((window) => window.nextChange(at) ?? []);
      return changes.length === 0 ? null : Math.min(...changes);
    },

    windows(from, to) {
      const found = windows.flatMap((window) =>
        window.within(from, to).map((open) => ({ ...open, monitors: [...window.monitors], kind: window.kind })),
      );
      return found.toSorted((a, b) => a.from - b.from);
    },
  };
}

function plannedWindow({ name, title, starts, forMs }: PlannedWindow, monitors: ReadonlySet<string>): Window {
  const known = remembered(starts);
  const opened = (from: number) => ({ window: name, title, from, until: from + forMs, pausesChecks: false });
  return {
    kind: 'planned',
    monitors,
    openAt(at) {
      const start = known.latest(at);
      return start !== null && at < start + forMs ? opened(start) : null;
    },
    nextChange(at) {
      const [start, next] = [known.latest(at), known.next(at)];
      const end = start !== null && at < start + forMs ? start + forMs : null;
      return end === null || next === null ? (end ?? next) : Math.min(end, next);
    },
    within: (from, to) => startsWithin(starts, from - forMs + 1, to).map(opened),
  };
}

function handWindow(window: HandWindow, monitors: ReadonlySet<string>): Window {
  const { id, title, from, pausesChecks } = window;
  const until = endOf(window);
  const opened = { window: id, title, from, until, pausesChecks };
  const isOverAt = (at: number) => until !== null && until <= at;
  return {
    kind: 'by hand',
    monitors,
    openAt: (at) => (from <= at && !isOverAt(at) ? opened : null),
    nextChange(at) {
      if (isOverAt(at)) return null;
      return at < from ? from : until;
    },
    within: (start, end) => (from < end && !isOverAt(start) ? [opened] : []),
  };
}

type Covering = Pick<PlannedWindow, 'monitors' | 'coversDependents'>;

interface Among {
  /** In the order of what is watched. */
  readonly places: ReadonlyMap<string, number>;
  readonly dependents: ReadonlyMap<string, readonly string[]>;
}

/** Made once for all windows: ten thousand monitors may each be paused by itself. */
function watchedOf(watched: readonly Watched[]): Among {
  const dependents = new Map<string, string[]>(watched.map(({ name }) => [name, []]));
  for (const { name, dependsOn } of watched) for (const needed of dependsOn) dependents.get(needed)?.push(name);
  return { places: new Map(watched.map(({ name }, place) => [name, place])), dependents };
}

/** Names that nothing is watched under any more are left out: windows by hand outlive the manifest. */
function coveredBy({ monitors, coversDependents }: Covering, { places, dependents }: Among): ReadonlySet<string> {
  if (monitors === null) return new Set(places.keys());
  const covered = new Set(monitors);
  for (const each of coversDependents ? covered : []) {
    for (const name of dependents.get(each) ?? []) covered.add(name);
  }
  const placed = [...covered].map((name) => ({ name, place: places.get(name) ?? -1 }));
  const known = placed.filter(({ place }) => place >= 0).toSorted((one, other) => one.place - other.place);
  return new Set(known.map(({ name }) => name));
}

function endsAfter(one: OpenWindow, other: OpenWindow): boolean {
  return other.until !== null && (one.until === null || one.until > other.until);
}
