import * as z from 'zod';
import { LANES, SEVERITIES } from '../../contracts/outbound.ts';
import type * as contract from './alert-contract.ts';

/** The contract about alerts once more, as schemas; see `answers.ts`. */
type Schema<View> = z.ZodType<View>;

const Instant = z.iso.datetime();

const MessageState = z.enum(['waiting', 'sending', 'delivered', 'dead']);

const Attempt = z.strictObject({
  at: Instant,
  tookMs: z.number(),
  outcome: z.enum(['delivered', 'failed', 'unknown']),
  detail: z.string(),
});

export const AlertView: Schema<contract.AlertView> = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    severity: z.enum(SEVERITIES),
    state: z.enum(['open', 'resolved']),
    cause: z.string(),
    affected: z.array(z.string()),
    reason: z.string().nullable(),
    openedAt: Instant,
    resolvedAt: Instant.nullable(),
    toldTo: z.array(z.string()),
    messages: z.array(
      z.strictObject({ channel: z.string(), state: MessageState.nullable(), lastAttempt: Attempt.nullable() }),
    ),
  })
  .meta({ id: 'AlertView' });

export const AlertListView: Schema<contract.AlertListView> = z
  .strictObject({ alerts: z.array(AlertView) })
  .meta({ id: 'AlertListView' });

export const DeliveryView: Schema<contract.DeliveryView> = z
  .strictObject({
    id: z.string(),
    lane: z.enum(LANES),
    channel: z.string(),
    type: z.string().nullable(),
    title: z.string(),
    thread: z.string(),
    state: MessageState,
    knownAt: Instant,
    queuedAt: Instant,
    deliveredAt: Instant.nullable(),
    nextAttemptAt: Instant.nullable(),
    attemptCount: z.int(),
    attempts: z.array(Attempt),
  })
  .meta({ id: 'DeliveryView' });

export const DeliveryListView: Schema<contract.DeliveryListView> = z
  .strictObject({ deliveries: z.array(DeliveryView) })
  .meta({ id: 'DeliveryListView' });
