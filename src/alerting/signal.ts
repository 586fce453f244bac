import { CANARY } from '../contracts/canary.ts';
import type { EventPayload, RecordedEvent } from '../contracts/events.ts';
import type { Severity } from '../contracts/outbound.ts';
import { backupCause, type Fingerprint } from './signal-kinds.ts';
import {
  ofBudgetRestored,
  ofBudgetSpent,
  ofBurning,
  ofCalmed,
  ofCoverageLost,
  ofCoverageRestored,
  ofThresholdCleared,
  ofThresholdCrossed,
} from './watching-signals.ts';

export interface Failure {
  readonly fingerprint: Fingerprint;
  /** What it comes from: a monitor, itself or another one, or `backup of NAME`. */
  readonly cause: string;
  readonly severity: Severity;
  readonly reason: string | null;
  /** What to call it in one line, where its kind does not say it by itself. */
  readonly title?: string;
  /** What tells people what to do. */
  readonly runbook?: string;
  /** When it began, and when we were sure of it. */
  readonly startedAt: number;
  readonly confirmedAt: number;
}

export interface Recovery {
  readonly fingerprint: Fingerprint;
  /** When it began to work again, and when we were sure of it. */
  readonly at: number;
  readonly confirmedAt: number;
  /** Why nobody will hear of it any more; missing when it is well. */
  readonly gone?: string;
}

/** What an event means to alerting; most mean nothing. */
export type Reading =
  | { readonly environment: string; readonly failure: Failure }
  | { readonly environment: string; readonly recovery: Recovery };

type Readers = { readonly [Name in RecordedEvent['name']]?: (payload: EventPayload<Name>) => Reading | undefined };

const READERS: Readers = {
  'monitor.state-changed': ofMonitor,
  'backup.failed': ofBackupFailure,
  'backup.taken': ({ environment, service, at }) => recovered(environment, backupOf(service), at),
  'backup.proven': ({ environment, service, at }) => recovered(environment, proofOf(service), at),
  'coverage.lost': ofCoverageLost,
  'coverage.restored': ofCoverageRestored,
  'threshold.crossed': ofThresholdCrossed,
  'threshold.cleared': ofThresholdCleared,
  'objective.burning': ofBurning,
  'objective.calmed': ofCalmed,
  'objective.budget-spent': ofBudgetSpent,
  'objective.budget-restored': ofBudgetRestored,
};

export function readingOf({ name, payload }: RecordedEvent): Reading | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the payload is the one of this very name
  const read = READERS[name] as ((of: typeof payload) => Reading | undefined) | undefined;
  return read?.(payload);
}

function recovered(environment: string, fingerprint: Fingerprint, at: number): Reading {
  return { environment, recovery: { fingerprint, at, confirmedAt: at } };
}

/** Not knowing is no recovery, and no failure either. */
function ofMonitor(change: EventPayload<'monitor.state-changed'>): Reading | undefined {
  const { environment, monitor, to, at, confirmedAt, reason, rootCause } = change;
  // It must fail, and its failure is nobody's business.
  if (monitor === CANARY) return undefined;
  const fingerprint: Fingerprint = `monitor:${monitor}`;
  if (to === 'up') return { environment, recovery: { fingerprint, at, confirmedAt } };
  if (to !== 'down' && to !== 'degraded') return undefined;
  const severity = to === 'down' ? 'critical' : 'warning';
  const cause = rootCause ?? monitor;
  return { environment, failure: { fingerprint, cause, severity, reason, startedAt: at, confirmedAt } };
}

function ofBackupFailure({ environment, service, step, reason, at }: EventPayload<'backup.failed'>): Reading {
  const fingerprint = step === 'proof' ? proofOf(service) : backupOf(service);
  const times = { startedAt: at, confirmedAt: at };
  return { environment, failure: { fingerprint, cause: backupCause(service), severity: 'warning', reason, ...times } };
}

const backupOf = (service: string): Fingerprint => `backup:${service}`;
const proofOf = (service: string): Fingerprint => `proof:${service}`;

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

export function isWorse(severity: Severity, than: Severity): boolean {
  return RANK[severity] > RANK[than];
}

/** The worst of what fails, null when nothing does. */
export function worstOf(severities: readonly Severity[]): Severity | null {
  return severities.toSorted((a, b) => RANK[b] - RANK[a])[0] ?? null;
}
