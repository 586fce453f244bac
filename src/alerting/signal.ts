import type { EventPayload, RecordedEvent } from '../contracts/events.ts';
import type { Severity } from '../contracts/outbound.ts';

/** What kind of thing a signal is about; it stands before the colon of the fingerprint. */
const KINDS = ['monitor', 'backup', 'proof'] as const;
export type SignalKind = (typeof KINDS)[number];

/** Names what fails, e.g. `monitor:api`: whoever fails twice is one signal. */
export type Fingerprint = `${SignalKind}:${string}`;

export interface Failure {
  readonly fingerprint: Fingerprint;
  /** What it comes from: a monitor, itself or another one, or `backup of NAME`. */
  readonly cause: string;
  readonly severity: Severity;
  readonly reason: string | null;
  /** When it began, and when we were sure of it. */
  readonly startedAt: number;
  readonly confirmedAt: number;
}

export interface Recovery {
  readonly fingerprint: Fingerprint;
  /** When it began to work again, and when we were sure of it. */
  readonly at: number;
  readonly confirmedAt: number;
}

/** What an event means to alerting; most mean nothing. */
export type Reading =
  | { readonly environment: string; readonly failure: Failure }
  | { readonly environment: string; readonly recovery: Recovery };

export function readingOf(event: RecordedEvent): Reading | undefined {
  if (event.name === 'monitor.state-changed') return ofMonitor(event.payload);
  if (event.name === 'backup.failed') return ofBackupFailure(event.payload);
  if (event.name !== 'backup.taken' && event.name !== 'backup.proven') return undefined;
  const { environment, service, at } = event.payload;
  const fingerprint = event.name === 'backup.taken' ? backupOf(service) : proofOf(service);
  return { environment, recovery: { fingerprint, at, confirmedAt: at } };
}

/** Not knowing is no recovery, and no failure either. */
function ofMonitor(change: EventPayload<'monitor.state-changed'>): Reading | undefined {
  const { environment, monitor, to, at, confirmedAt, reason, rootCause } = change;
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
const backupCause = (service: string) => `backup of ${service}`;

export function kindOf(fingerprint: Fingerprint): SignalKind {
  return KINDS.find((kind) => fingerprint.startsWith(`${kind}:`)) ?? 'monitor';
}

/** The name behind the colon. */
export function nameOf(fingerprint: Fingerprint): string {
  return fingerprint.slice(fingerprint.indexOf(':') + 1);
}

/** What people call it: `api`, `backup of db`, `restore of db`. */
export function subjectOf(fingerprint: Fingerprint): string {
  const name = nameOf(fingerprint);
  const subjects = { monitor: name, backup: backupCause(name), proof: `restore of ${name}` };
  return subjects[kindOf(fingerprint)];
}

const RANK: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

export function isWorse(severity: Severity, than: Severity): boolean {
  return RANK[severity] > RANK[than];
}

/** The worst of what fails, null when nothing does. */
export function worstOf(severities: readonly Severity[]): Severity | null {
  return severities.toSorted((a, b) => RANK[b] - RANK[a])[0] ?? null;
}
