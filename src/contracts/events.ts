import * as z from 'zod';
import type { Tx } from './database.ts';
import { LANES, SEVERITIES } from './outbound.ts';
import { ROLES } from './roles.ts';
import { STATES } from './state.ts';

const State = z.enum(STATES);

/**
 * Everything one area announces to the others. Names are `<noun>.<what happened>`, in the past tense; payloads only
 * ever gain optional fields, because the outbox keeps old events. Times are epoch milliseconds.
 */
export const Events = {
  /** `at` is when the new state began (the first failing check), `confirmedAt` when we were sure of it. */
  'monitor.state-changed': z.object({
    environment: z.string(),
    monitor: z.string(),
    from: State,
    to: State,
    at: z.int(),
    confirmedAt: z.int(),
    reason: z.string().nullable(),
    /** The monitor whose failure explains this one; itself when nothing it depends on is failing. */
    rootCause: z.string().nullable(),
  }),
  /** Work was announced, and now it begins: what is watched rests, and nobody is told of it. */
  'maintenance.started': z.object({
    environment: z.string(),
    window: z.string(),
    title: z.string(),
    monitors: z.array(z.string()),
    at: z.int(),
    /** When it will be over; null when somebody ends it by hand. */
    until: z.int().nullable(),
  }),
  'maintenance.ended': z.object({ environment: z.string(), window: z.string(), title: z.string(), at: z.int() }),
  /**
   * Something that should be watched is not: a monitor without a fresh result, a location that fell silent, or the
   * canary, which must fail and did not. `what` names it, e.g. `monitors`, `location fra`, `canary`.
   */
  'coverage.lost': z.object({
    environment: z.string(),
    what: z.string(),
    reason: z.string(),
    /** Those nobody knows anything about any more; the first hundred. */
    monitors: z.array(z.string()),
    /** Since when nothing was learned. */
    at: z.int(),
    noticedAt: z.int(),
  }),
  'coverage.restored': z.object({ environment: z.string(), what: z.string(), at: z.int() }),
  /** A value has stood beyond its limit for as long as the rule says. `level` may rise while it is crossed. */
  'threshold.crossed': z.object({
    environment: z.string(),
    /** The name of the rule, e.g. `disk-space`. */
    rule: z.string(),
    monitor: z.string(),
    /** What was measured, e.g. `disk:/var`. */
    reading: z.string(),
    level: z.enum(['warning', 'critical']),
    /** In plain words, with value, limit and how long. */
    reason: z.string(),
    /** What was measured, for people, e.g. `91%`. */
    value: z.string().optional(),
    runbook: z.string(),
    /** When it was first beyond the limit. */
    at: z.int(),
    confirmedAt: z.int(),
  }),
  'threshold.cleared': z.object({
    environment: z.string(),
    rule: z.string(),
    monitor: z.string(),
    reading: z.string(),
    /** Why nothing is known of it any more; missing when it was measured to be within the limit again. */
    gone: z.string().optional(),
    at: z.int(),
  }),
  /**
   * The error budget is being spent too fast: over a long window, and over a short one, so it is still happening. Told
   * again, with another severity, when it gets worse and when only slower losses are left; `calmed` ends all of it.
   */
  'objective.burning': z.object({
    environment: z.string(),
    objective: z.string(),
    severity: z.enum(SEVERITIES),
    /** How many times faster than the budget allows. */
    burnRate: z.number(),
    reason: z.string(),
    /** Share of the budget that is left; below zero when it is overspent. */
    budgetLeft: z.number(),
    at: z.int(),
  }),
  'objective.calmed': z.object({ environment: z.string(), objective: z.string(), budgetLeft: z.number(), at: z.int() }),
  /** Nothing is left of the error budget. `releases` is what the team decided for this case. */
  'objective.budget-spent': z.object({
    environment: z.string(),
    objective: z.string(),
    releases: z.enum(['allowed', 'blocked']),
    budgetLeft: z.number(),
    at: z.int(),
  }),
  'objective.budget-restored': z.object({
    environment: z.string(),
    objective: z.string(),
    budgetLeft: z.number(),
    at: z.int(),
  }),
  'manifest.applied': z.object({
    app: z.string(),
    digest: z.string(),
    services: z.int(),
    monitors: z.int(),
    at: z.int(),
  }),
  'token.created': z.object({
    tokenId: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    by: z.string(),
    at: z.int(),
  }),
  'token.revoked': z.object({ tokenId: z.string(), name: z.string(), by: z.string(), at: z.int() }),
  /** One problem, however many monitors it shows itself in; `cause` is the one it comes from. */
  'alert.opened': z.object({
    environment: z.string(),
    alert: z.string(),
    title: z.string(),
    severity: z.enum(SEVERITIES),
    cause: z.string(),
    at: z.int(),
  }),
  'alert.resolved': z.object({ environment: z.string(), alert: z.string(), title: z.string(), at: z.int() }),
  'message.queued': z.object({
    environment: z.string(),
    message: z.string(),
    lane: z.enum(LANES),
    channel: z.string(),
    at: z.int(),
  }),
  /** The receiver said that it has it. */
  'message.delivered': z.object({
    environment: z.string(),
    message: z.string(),
    channel: z.string(),
    attempts: z.int(),
    at: z.int(),
  }),
  /** It will not be tried again: a dead letter. */
  'message.given-up': z.object({
    environment: z.string(),
    message: z.string(),
    channel: z.string(),
    attempts: z.int(),
    reason: z.string(),
    at: z.int(),
  }),
  /** It is complete in every one of its vaults and was read to its end there. */
  'backup.taken': z.object({
    environment: z.string(),
    service: z.string(),
    backup: z.string(),
    bytes: z.int(),
    at: z.int(),
  }),
  /** It was restored, and what came out is what went in. */
  'backup.proven': z.object({
    environment: z.string(),
    service: z.string(),
    backup: z.string(),
    tookMs: z.int(),
    at: z.int(),
  }),
  'backup.failed': z.object({
    environment: z.string(),
    service: z.string(),
    step: z.enum(['backup', 'proof']),
    code: z.string(),
    reason: z.string(),
    at: z.int(),
  }),
} as const;

export type EventName = keyof typeof Events;
export type EventPayload<Name extends EventName> = z.output<(typeof Events)[Name]>;

/** An event as the outbox hands it out; testing `name` narrows `payload`. */
export type RecordedEvent = {
  readonly [Name in EventName]: {
    /** Opaque, and ascending for a reader: see docs/adr on the outbox. */
    readonly position: Position;
    readonly name: Name;
    readonly payload: EventPayload<Name>;
  };
}[EventName];

/** `<transaction>/<sequence>`; the transaction is 0 on SQLite. */
export type Position = `${number}/${number}`;

/**
 * Reacts to every event in order, never skipping one. The reaction's rows and the consumer's own cursor commit in
 * one transaction, so a crash repeats nothing and loses nothing.
 */
export interface EventConsumer {
  /** Names the cursor: it must never change, or the consumer starts again from the oldest event kept. */
  readonly name: string;
  /**
   * How far back a consumer hears that has never heard anything; without it, all that is kept. Whoever tells people
   * of events should not tell them of last month's on the day it is first installed.
   */
  readonly hearsBackMs?: number;
  /** Awaits nothing but `tx.*`. When it rejects, nothing of it happened and the event comes again. */
  handle(event: RecordedEvent, tx: Tx): Promise<void>;
}

/** Reacts to what is committed from now on, in this process only; for caches that can be rebuilt at any time. */
export type EventListener = (event: RecordedEvent) => void;
