import type { Availability, DayHistory, MonitorHistory, MonitorNow } from '../../contracts/facts.ts';
import { STATES, type State } from '../../contracts/state.ts';
import type { AuditEntry, Token } from '../../identity/index.ts';
import type { Monitoring, Part, PingRecord } from '../../monitoring/index.ts';
import type {
  AuditEntryView,
  AvailabilityView,
  DayView,
  HistoryView,
  MonitorView,
  PartView,
  PictureView,
  PingView,
  ResultView,
  TokenView,
} from './contract.ts';

/**
 * From what the areas know to what the API promises, field by field, so that a new field in an area does not leak by
 * itself.
 */

/** One finished check, as monitoring remembers it. */
export type CheckRecord = Awaited<ReturnType<Monitoring['results']>>[number];

export function isoOf(at: number): string {
  return new Date(at).toISOString();
}

export function isoOrNull(at: number | null): string | null {
  return at === null ? null : isoOf(at);
}

export function monitorView(monitor: MonitorNow): MonitorView {
  return {
    name: monitor.name,
    type: monitor.type,
    description: monitor.description,
    target: monitor.target,
    state: monitor.state,
    since: isoOrNull(monitor.since),
    reason: monitor.reason,
    lastCheckedAt: isoOrNull(monitor.lastCheckedAt),
    unconfirmed: monitor.unconfirmed,
    readings: monitor.readings,
    locations: monitor.locations.map(({ name, state, lastCheckedAt }) => ({
      name,
      state,
      lastCheckedAt: isoOrNull(lastCheckedAt),
    })),
    latencyMs: monitor.latencyMs,
    intervalMs: monitor.intervalMs,
    dependsOn: monitor.dependsOn,
    rootCause: monitor.rootCause,
  };
}

export function availabilityView({ ratio, coverage, ms }: Availability): AvailabilityView {
  return { ratio, coverage, ms };
}

export function historyView({ availability, days, troubles }: MonitorHistory): HistoryView {
  return {
    availability: availabilityView(availability),
    days: days.map(dayView),
    troubles: troubles.map(({ state, startedAt, endedAt, reason }) => ({
      state,
      startedAt: isoOf(startedAt),
      endedAt: isoOrNull(endedAt),
      reason,
    })),
  };
}

function dayView({ startsAt, worst, ms }: DayHistory): DayView {
  return { date: isoOf(startsAt).slice(0, 'yyyy-mm-dd'.length), worst, ms };
}

export function resultView({ at, outcome, latencyMs, reason }: CheckRecord): ResultView {
  return { at: isoOf(at), state: outcome, latencyMs, reason };
}

export function partView({ name, state, detail }: Part): PartView {
  return { name, state, detail };
}

export function picturesView(address: string, monitor: string, moments: readonly number[]): readonly PictureView[] {
  return moments.map((moment) => {
    const at = isoOf(moment);
    return { at, url: `${address}/api/v1/monitors/${encodeURIComponent(monitor)}/pictures/${encodeURIComponent(at)}` };
  });
}

export function pingView({ at, outcome, run, exitStatus, message, latencyMs, durationMs, body }: PingRecord): PingView {
  return {
    at: isoOf(at),
    outcome,
    run,
    exitStatus: exitStatus ?? null,
    message: message ?? null,
    latencyMs: latencyMs ?? null,
    durationMs: durationMs ?? null,
    body,
  };
}

export function tokenView(token: Token): TokenView {
  return {
    id: token.id,
    name: token.name,
    kind: token.kind,
    role: token.role,
    location: token.location,
    environment: token.environment,
    createdAt: isoOf(token.createdAt),
    createdBy: token.createdBy,
    expiresAt: isoOrNull(token.expiresAt),
    revokedAt: isoOrNull(token.revokedAt),
    lastUsedAt: isoOrNull(token.lastUsedAt),
  };
}

export function auditEntryView(entry: AuditEntry): AuditEntryView {
  return {
    id: entry.id,
    at: isoOf(entry.at),
    actor: entry.actor,
    role: entry.role,
    action: entry.action,
    subject: entry.subject,
    outcome: entry.outcome,
    detail: entry.detail,
  };
}

/** From bad to good. Not knowing is worse than degraded, because it may hide anything. */
const WORST_FIRST: readonly State[] = ['down', 'unknown', 'degraded', 'maintenance', 'up'];

/** `unknown` when there is nothing to judge by. */
export function worstOf(states: readonly State[]): State {
  return WORST_FIRST.find((state) => states.includes(state)) ?? 'unknown';
}

export function countsOf(states: readonly State[]): Record<State, number> {
  const counts = { up: 0, degraded: 0, down: 0, maintenance: 0, unknown: 0 } satisfies Record<State, number>;
  for (const state of STATES) counts[state] = states.filter((each) => each === state).length;
  return counts;
}
