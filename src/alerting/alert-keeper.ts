import type { Tx } from '../contracts/database.ts';
import type { Severity } from '../contracts/outbound.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Alert } from './alert-store.ts';
import * as alertStore from './alert-store.ts';
import { causesOf, type Described, fingerprintsOf, isDescribed } from './names.ts';
import { type Failure, isWorse, type Recovery, worstOf } from './signal.ts';
import { kindOf, nameOf } from './signal-kinds.ts';
import * as signalStore from './signal-store.ts';
import type { Telling } from './telling.ts';
import { type Ending, openedTitle, reasonFor, titleOfOutage } from './wording.ts';

export interface AlertKeeperDeps {
  readonly ids: Ids;
  readonly environment: string;
  readonly telling: Telling;
  readonly described: () => Described;
}

/**
 * Opens, worsens and resolves alerts. One event after the other comes here: the caller's place in the stream of events
 * is locked, so what is read here stays true until the commit.
 */
export interface AlertKeeper {
  fail(tx: Tx, failure: Failure): Promise<void>;
  recover(tx: Tx, recovery: Recovery): Promise<void>;
  /** Ends what nobody watches any more: nothing will ever be heard of it. */
  retire(tx: Tx, at: number): Promise<void>;
}

export function createAlertKeeper({ ids, environment, telling, described }: AlertKeeperDeps): AlertKeeper {
  return {
    async fail(tx, failure) {
      const fingerprints = fingerprintsOf(failure.fingerprint, described());
      const [firing] = await signalStore.listFiringAs(tx, environment, fingerprints);
      // What is told of stays where it was told of, also when it has another cause by now.
      const alert =
        firing === undefined
          ? await alertStore.findOpen(tx, environment, causesOf(failure.cause, described()))
          : await alertStore.find(tx, firing.alertId);
      if (alert === undefined) return open(tx, failure);
      await join(tx, alert, { ...failure, fingerprint: firing?.fingerprint ?? failure.fingerprint });
    },
    async recover(tx, { fingerprint, at, confirmedAt, gone }) {
      // More than one when two monitors have become one while both were failing.
      const firing = await signalStore.listFiringAs(tx, environment, fingerprintsOf(fingerprint, described()));
      const ending = { at, knownAt: confirmedAt };
      for (const signal of firing) {
        if (gone === undefined) await end(tx, signal, { ...ending, gone: null });
        else await end(tx, signal, { ...ending, gone: signal.fingerprint, goneBecause: gone });
      }
    },
    async retire(tx, at) {
      const firing = await signalStore.listFiring(tx, environment);
      for (const signal of firing.filter(({ fingerprint }) => !isDescribed(fingerprint, described()))) {
        await end(tx, signal, { at, knownAt: at, gone: signal.fingerprint });
      }
    },
  };

  async function open(tx: Tx, failure: Failure): Promise<void> {
    const { cause, severity, startedAt: openedAt, confirmedAt, runbook = null } = failure;
    const title = openedTitle(cause, failure);
    const id = ids.next('alr');
    const reason = reasonFor(cause, failure);
    const alert = { id, environment, cause, severity, title, reason, runbook, openedAt, confirmedAt };
    await alertStore.open(tx, alert);
    await signalStore.fire(tx, id, environment, failure);
    await tx.emit('alert.opened', { environment, alert: id, title, severity, cause, at: openedAt });
    await telling.opened(tx, { ...alert, state: 'open', resolvedAt: null, tellings: 1 });
  }

  async function join(tx: Tx, alert: Alert, failure: Failure): Promise<void> {
    const before = await signalsOf(tx, alert.id);
    await signalStore.fire(tx, alert.id, environment, failure);
    const next = withOthers(joined(alert, before, failure), await signalsOf(tx, alert.id));
    if (next === alert) return;
    await alertStore.update(tx, alert.id, next);
    if (next.tellings > alert.tellings) await telling.worse(tx, next, failure);
  }

  async function end(
    tx: Tx,
    signal: signalStore.Signal,
    { at, ...ending }: Ending & { readonly at: number },
  ): Promise<void> {
    await signalStore.resolve(tx, signal, at);
    const signals = await signalsOf(tx, signal.alertId);
    if (severityOf(signals) !== null) return goOn(tx, signal.alertId, signals);
    if (!(await alertStore.resolve(tx, signal.alertId, at))) return;
    const alert = await alertStore.find(tx, signal.alertId);
    if (alert === undefined) return;
    const title = await telling.resolved(tx, alert, ending);
    await tx.emit('alert.resolved', { environment, alert: alert.id, title, at });
  }
}

/** Fewer are down now; that is no news, but what is shown should be true. */
async function goOn(tx: Tx, alertId: string, signals: readonly signalStore.Signal[]): Promise<void> {
  const alert = await alertStore.find(tx, alertId);
  if (alert === undefined) return;
  const next = withOthers(alert, signals);
  if (next !== alert) await alertStore.update(tx, alertId, next);
}

function signalsOf(tx: Tx, alertId: string): Promise<readonly signalStore.Signal[]> {
  return signalStore.listOf(tx.of(), [alertId]);
}

/** What one more failure makes of an alert: nothing, unless it is the cause's own or makes it worse than it is now. */
function joined(alert: Alert, signals: readonly signalStore.Signal[], failure: Failure): Alert {
  const name = nameOf(failure.fingerprint);
  const before = severityOf(signals);
  const isRaised = before !== null && isWorse(failure.severity, before);
  const isItsOwn = name === alert.cause || failure.title !== undefined;
  if (!isRaised && !isItsOwn) return alert;

  // What is left of it when its cause is well again goes by its own name.
  const isCauseWell = signals.some(
    ({ fingerprint, state }) => nameOf(fingerprint) === alert.cause && state === 'resolved',
  );
  const subject = isCauseWell ? name : alert.cause;
  const reason = reasonFor(subject, failure);
  if (!isRaised) return { ...alert, reason, title: failure.title ?? alert.title };
  const severity = worstOf([failure.severity, alert.severity]) ?? alert.severity;
  const title = openedTitle(subject, failure);
  return { ...alert, reason, severity, title, tellings: alert.tellings + 1 };
}

/** As long as the cause itself fails, the title says how many others it takes along. */
function withOthers(alert: Alert, signals: readonly signalStore.Signal[]): Alert {
  const isCauseDown = signals.some(
    ({ fingerprint, state, severity }) =>
      kindOf(fingerprint) === 'monitor' &&
      nameOf(fingerprint) === alert.cause &&
      state === 'firing' &&
      severity === 'critical',
  );
  const title = isCauseDown ? titleOfOutage(alert.cause, signals) : alert.title;
  return title === alert.title ? alert : { ...alert, title };
}

/** The worst of what fails now; null when all is well again. */
function severityOf(signals: readonly signalStore.Signal[]): Severity | null {
  return worstOf(signals.filter(({ state }) => state === 'firing').map(({ severity }) => severity));
}
