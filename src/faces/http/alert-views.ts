import type { AlertNow, DeliveryAttempt, DeliveryNow } from '../../contracts/facts.ts';
import type { AlertView, AttemptView, DeliveryView } from './contract.ts';
import { isoOf, isoOrNull } from './views.ts';

export function alertView(alert: AlertNow): AlertView {
  return {
    id: alert.id,
    title: alert.title,
    severity: alert.severity,
    state: alert.state,
    cause: alert.cause,
    affected: alert.affected,
    reason: alert.reason,
    openedAt: isoOf(alert.openedAt),
    resolvedAt: isoOrNull(alert.resolvedAt),
    toldTo: alert.toldTo,
  };
}

export function deliveryView(delivery: DeliveryNow): DeliveryView {
  return {
    id: delivery.id,
    lane: delivery.lane,
    channel: delivery.channel,
    type: delivery.type,
    title: delivery.title,
    thread: delivery.thread,
    state: delivery.state,
    knownAt: isoOf(delivery.knownAt),
    queuedAt: isoOf(delivery.queuedAt),
    deliveredAt: isoOrNull(delivery.deliveredAt),
    nextAttemptAt: isoOrNull(delivery.nextAttemptAt),
    attemptCount: delivery.attemptCount,
    attempts: delivery.attempts.map(attemptView),
  };
}

function attemptView({ at, tookMs, outcome, detail }: DeliveryAttempt): AttemptView {
  return { at: isoOf(at), tookMs, outcome, detail };
}
