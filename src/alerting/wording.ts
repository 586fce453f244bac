import type { Notice } from '../contracts/outbound.ts';
import type { Alert } from './alert-store.ts';
import type { Failure } from './signal.ts';
import { type Fingerprint, kindOf, nameOf, subjectOf } from './signal-kinds.ts';
import type { Signal } from './signal-store.ts';
import { inWords, iso, utc } from './times.ts';

/** An alert as it is told: what fails now, and everything that failed, the first one first. */
export interface Situation {
  readonly app: string;
  readonly alert: Alert;
  readonly signals: readonly Signal[];
  readonly statusPage: string;
}

/** How an alert ends. */
export interface Ending {
  /** When we were sure that it is over. */
  readonly knownAt: number;
  /** What nobody watches any more; null when it works again. */
  readonly gone: Fingerprint | null;
  /** Why nobody does; without it, it was taken out of the manifest. */
  readonly goneBecause?: string;
}

/** What fails, in one line; `subject` is the cause, or what is left when the cause is well again. */
export function openedTitle(subject: string, { severity, fingerprint, title }: Failure): string {
  if (title !== undefined) return title;
  const kind = kindOf(fingerprint);
  if (kind === 'backup') return `The ${subject} failed`;
  if (kind === 'proof') return `The ${subject} could not be restored`;
  return severity === 'critical' ? `${subject} is down` : `${subject} is slow or partly failing`;
}

/** `db is down`, or how many others it takes along: `12 services are down because db is`. */
export function titleOfOutage(cause: string, signals: readonly Signal[]): string {
  const down = signals.filter(
    ({ fingerprint, state, severity }) =>
      kindOf(fingerprint) === 'monitor' && state === 'firing' && severity === 'critical',
  );
  const count = down.filter(({ fingerprint }) => nameOf(fingerprint) !== cause).length;
  return count < 2 ? `${cause} is down` : `${count} services are down because ${cause} is`;
}

/** Why it fails; as long as only something else is known to fail because of it, why that does. */
export function reasonFor(subject: string, { fingerprint, reason }: Failure): string {
  const said = reason ?? 'Its check gave no reason.';
  const isItself = kindOf(fingerprint) !== 'monitor' || nameOf(fingerprint) === subject;
  return isItself ? said : `It shows in ${nameOf(fingerprint)}, which depends on it: ${said}`;
}

export function openedNotice(situation: Situation): Notice {
  const { alert } = situation;
  const { title, reason, openedAt, confirmedAt } = alert;
  const confirmed = confirmedAt > openedAt ? `, confirmed ${inWords(confirmedAt - openedAt)} later` : '';
  const times = { at: openedAt, knownAt: confirmedAt, since: `${utc(openedAt)}${confirmed}` };
  const text = [...sentences(reason), ...nextCommand(situation)];
  return { ...notice(situation, times), type: 'alert.opened', phase: 'opened', title, text };
}

/** What was a warning until now. `by` is what made it worse. */
export function worseNotice(situation: Situation, by: Failure): Notice {
  const { title, reason, openedAt } = situation.alert;
  const times = {
    at: by.startedAt,
    knownAt: by.confirmedAt,
    since: `${utc(openedAt)}, worse since ${utc(by.startedAt)}`,
  };
  const isMonitor = kindOf(by.fingerprint) === 'monitor';
  const before = `It got worse: before, it was ${isMonitor ? 'slow or partly failing' : 'a warning'}.`;
  const text = [before, ...sentences(reason), ...others(situation, 'It also affects', by.fingerprint)];
  return { ...notice(situation, times), type: 'alert.worse', phase: 'opened', title, text };
}

/** What nobody watches any more is said to be gone: nobody will ever know whether it is well again. */
export function resolvedNotice(situation: Situation, { knownAt, gone, goneBecause }: Ending): Notice {
  const { alert } = situation;
  const at = Math.max(alert.resolvedAt ?? alert.openedAt, alert.openedAt);
  const took = inWords(at - alert.openedAt);
  const times = { at, knownAt, since: `${utc(alert.openedAt)} until ${utc(at)} (${took})` };
  const text = [
    ...(gone === null ? [] : [goneBecause ?? 'It was taken out of the manifest while it was failing.']),
    ...sentences(alert.reason).map((reason) => `What was wrong: ${reason}`),
    ...others(situation, 'It also affected'),
  ];
  const title = gone === null ? recoveredTitle(situation, took) : `${subjectOf(gone)} is no longer watched`;
  return { ...notice(situation, times), type: 'alert.resolved', phase: 'resolved', title, text };
}

function recoveredTitle({ alert: { cause }, signals }: Situation, took: string): string {
  const [first] = signals;
  const kind =
    first === undefined || signals.every(({ fingerprint }) => kindOf(fingerprint) === 'monitor')
      ? 'monitor'
      : kindOf(first.fingerprint);
  const endings = {
    monitor: `${cause} is back after ${took}`,
    backup: `The ${cause} works again after ${took}`,
    proof: `The ${cause} works again after ${took}`,
    coverage: `The ${cause} is whole again after ${took}`,
    threshold: `${cause} is within its limit again after ${took}`,
    objective: `The ${cause} is out of danger after ${took}`,
    budget: `The ${cause} is out of danger after ${took}`,
  };
  return endings[kind];
}

interface Times {
  readonly at: number;
  readonly knownAt: number;
  readonly since: string;
}

/** What all messages about an alert have in common. */
function notice({ app, alert, signals, statusPage }: Situation, { at, knownAt, since }: Times) {
  const { id, environment, cause, state, severity, runbook, openedAt, confirmedAt, resolvedAt } = alert;
  const affected = signals.map(({ fingerprint }) => subjectOf(fingerprint));
  const startedAt = iso(openedAt);
  const times = { startedAt, confirmedAt: iso(confirmedAt), resolvedAt: resolvedAt === null ? null : iso(resolvedAt) };
  return {
    app,
    severity,
    at,
    knownAt,
    facts: [
      { label: 'Since', value: since },
      { label: 'Affected', value: affected.join(', ') },
      { label: 'Environment', value: environment },
      { label: 'Cause', value: cause },
      ...(runbook === null ? [] : [{ label: 'Runbook', value: runbook }]),
    ],
    links: [{ label: 'Status page', url: statusPage }],
    data: { alert: id, environment, state, severity, cause, affected, ...times, ...(runbook !== null && { runbook }) },
  };
}

function sentences(reason: string | null): readonly string[] {
  return reason === null ? [] : [reason];
}

/** What fails besides the cause and what was mentioned already. */
function others({ alert, signals }: Situation, words: string, mentioned?: Fingerprint): readonly string[] {
  const names = signals
    .filter(({ fingerprint }) => kindOf(fingerprint) === 'monitor' && fingerprint !== mentioned)
    .map(({ fingerprint }) => nameOf(fingerprint))
    .filter((name) => name !== alert.cause);
  return names.length === 0 ? [] : [`${words}: ${names.join(', ')}.`];
}

function nextCommand({ signals }: Situation): readonly string[] {
  const backup = signals.find(({ fingerprint }) => kindOf(fingerprint) === 'backup');
  return backup === undefined ? [] : [`Try it again with \`evenkeel backup run ${nameOf(backup.fingerprint)}\`.`];
}
