import type { AlertNow, DeliveryAttempt, DeliveryNow } from '../../contracts/facts.ts';
import type { AlertMessageView, AlertView, AttemptView, DeliveryView } from './contract.ts';
import { isoOf, isoOrNull } from './views.ts';

/** Among so many of the newest messages those of an alert are looked for. */
export const MESSAGES_MAX = 500;

/** `deliveries` are the newest, newest first. */
export function alertView(alert: AlertNow, deliveries: readonly DeliveryNow[]): AlertView {
  const own = deliveries.filter(({ thread }) => thread === alert.id);
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
    messages: alert.toldTo.map((channel) =>
      messageView(
        channel,
        own.find((each) => each.channel === channel),
      ),
    ),
  };
}

function messageView(channel: string, newest: DeliveryNow | undefined): AlertMessageView {
  const last = newest?.state === 'delivered' ? undefined : newest?.attempts.at(-1);
  return { channel, state: newest?.state ?? null, lastAttempt: last === undefined ? null : attemptView(last) };
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
