import type { EventPayload } from '../contracts/events.ts';
import type { Reading } from './signal.ts';
import { type Fingerprint, thresholdOf } from './signal-kinds.ts';

/** What monitoring says of itself, of its measurements and of its promises, as signals. */
export function ofCoverageLost(lost: EventPayload<'coverage.lost'>): Reading {
  const { environment, what, reason, at, noticedAt } = lost;
  const times = { startedAt: at, confirmedAt: noticedAt };
  const cause = `coverage of ${what}`;
  const said = { cause, severity: 'critical', reason, title: coverageTitle(lost) } as const;
  return { environment, failure: { fingerprint: coverageOf(what), ...said, ...times } };
}

export function ofCoverageRestored({ environment, what, at }: EventPayload<'coverage.restored'>): Reading {
  return { environment, recovery: { fingerprint: coverageOf(what), at, confirmedAt: at } };
}

function coverageTitle({ what, monitors }: EventPayload<'coverage.lost'>): string {
  if (what === 'monitors')
    return `${monitors.length === 1 ? monitors[0] : `${monitors.length} monitors`} ${monitors.length === 1 ? 'is' : 'are'} not being checked`;
  if (what === 'canary') return 'Failures may go unnoticed';
  if (what === 'connection') return 'Evenkeel has no connection';
  return `Nothing is heard of ${what}`;
}

export function ofThresholdCrossed(crossed: EventPayload<'threshold.crossed'>): Reading {
  const { environment, rule, monitor, reading, level, reason, value, runbook, at, confirmedAt } = crossed;
  const title = `${monitor}: ${reading.replace(':', ' ')} ${value ?? 'is beyond its limit'}`;
  const said = { cause: `${rule} of ${monitor}`, severity: level, reason, title, runbook };
  const fingerprint = thresholdOf(monitor, rule, reading);
  return { environment, failure: { fingerprint, ...said, startedAt: at, confirmedAt } };
}

export function ofThresholdCleared(cleared: EventPayload<'threshold.cleared'>): Reading {
  const { environment, rule, monitor, reading, at, gone } = cleared;
  const fingerprint = thresholdOf(monitor, rule, reading);
  return { environment, recovery: { fingerprint, at, confirmedAt: at, ...(gone !== undefined && { gone }) } };
}

export function ofBurning(burning: EventPayload<'objective.burning'>): Reading {
  const { environment, objective, severity, burnRate, reason, at } = burning;
  const rate = burnRate.toLocaleString('en', { maximumFractionDigits: 1 });
  const title = `${objective}: the error budget is being spent ${rate} times too fast`;
  const said = { cause: objectiveCause(objective), severity, reason, title };
  return { environment, failure: { fingerprint: `objective:${objective}`, ...said, startedAt: at, confirmedAt: at } };
}

export function ofCalmed({ environment, objective, at }: EventPayload<'objective.calmed'>): Reading {
  return { environment, recovery: { fingerprint: `objective:${objective}`, at, confirmedAt: at } };
}

export function ofBudgetSpent(spent: EventPayload<'objective.budget-spent'>): Reading {
  const { environment, objective, releases, at } = spent;
  const consequence = releases === 'blocked' ? ' Releases are blocked until some of it is left again.' : '';
  const reason = `Nothing is left of the error budget of ${objective}.${consequence}`;
  const title = `${objective}: the error budget is spent`;
  const said = { cause: objectiveCause(objective), severity: 'warning', reason, title } as const;
  return { environment, failure: { fingerprint: `budget:${objective}`, ...said, startedAt: at, confirmedAt: at } };
}

export function ofBudgetRestored(restored: EventPayload<'objective.budget-restored'>): Reading {
  const { environment, objective, at } = restored;
  return { environment, recovery: { fingerprint: `budget:${objective}`, at, confirmedAt: at } };
}

const coverageOf = (what: string): Fingerprint => `coverage:${what}`;
const objectiveCause = (objective: string) => `objective ${objective}`;
