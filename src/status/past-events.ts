import type { PublicTrouble, TroubleState } from './component-history.ts';
import type { PublicComponent } from './view.ts';

/** A line in the list of what happened: troubles that overlapped are one event, because to visitors they were. */
export interface PastEvent {
  readonly state: TroubleState;
  /** The components that were in `state`, in the order of the page. */
  readonly names: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number;
  /** Time in `state`, counted once however many components were in it. */
  readonly ms: number;
}

interface NamedTrouble extends PublicTrouble {
  readonly name: string;
}

interface Cluster {
  readonly members: NamedTrouble[];
  endsAt: number;
}

const PAST_EVENTS_MAX = 10;

/** Days in a row, midnights UTC, both included. */
export interface DayRange {
  readonly from: number;
  readonly to: number;
}

/** Newest first. What still goes on is not past: the top of the page speaks of it. */
export function pastEvents(components: readonly PublicComponent[], now: number): readonly PastEvent[] {
  const troubles = components.flatMap(({ name, history }) => history.troubles.map((trouble) => ({ ...trouble, name })));
  // Announced maintenance and a failure at the same time are two stories.
  const planned = clustersOf(
    troubles.filter(({ state }) => state === 'maintenance'),
    now,
  );
  const unplanned = clustersOf(
    troubles.filter(({ state }) => state !== 'maintenance'),
    now,
  );
  return [...planned, ...unplanned]
    .filter(({ members }) => members.every(({ endedAt }) => endedAt !== null))
    .map((cluster) => eventOf(cluster, now))
    .toSorted((a, b) => b.startedAt - a.startedAt)
    .slice(0, PAST_EVENTS_MAX);
}

function clustersOf(troubles: readonly NamedTrouble[], now: number): readonly Cluster[] {
  const clusters: Cluster[] = [];
  for (const trouble of troubles.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const current = clusters.at(-1);
    const endsAt = trouble.endedAt ?? now;
    if (current === undefined || trouble.startedAt > current.endsAt) {
      clusters.push({ members: [trouble], endsAt });
    } else {
      current.members.push(trouble);
      current.endsAt = Math.max(current.endsAt, endsAt);
    }
  }
  return clusters;
}

function eventOf({ members, endsAt }: Cluster, now: number): PastEvent {
  const [first] = members;
  const state = members.some((member) => member.state === 'down') ? 'down' : (first?.state ?? 'down');
  const inState = members.filter((member) => member.state === state);
  return {
    state,
    names: [...new Set(inState.map(({ name }) => name))],
    startedAt: first?.startedAt ?? endsAt,
    endedAt: endsAt,
    ms: clustersOf(inState, now).reduce((sum, stretch) => sum + stretch.endsAt - startOf(stretch), 0),
  };
}

function startOf({ members, endsAt }: Cluster): number {
  return members[0]?.startedAt ?? endsAt;
}

/**
 * The latest days in a row on which something was measured and nothing went wrong. Null when the newest event came
 * after them: such days say nothing about now.
 */
export function quietDays(components: readonly PublicComponent[], days: readonly number[]): DayRange | null {
  const troubled = new Set(components.flatMap(({ history }) => history.affected.map(({ startsAt }) => startsAt)));
  const isOpen = components.some(({ history }) => history.troubles.some(({ endedAt }) => endedAt === null));
  const isQuiet = (index: number) =>
    !troubled.has(days[index] ?? 0) &&
    components.some(({ history }) => (history.days[index] ?? 'unknown') !== 'unknown');

  // Days on which something is still going on belong to the top of the page, not to the past.
  const last = isOpen ? days.findLastIndex((day) => !troubled.has(day)) : days.length - 1;
  let first = last;
  while (first >= 0 && isQuiet(first)) first -= 1;
  const [from, to] = [days[first + 1], days[last]];
  return first === last || from === undefined || to === undefined ? null : { from, to };
}
