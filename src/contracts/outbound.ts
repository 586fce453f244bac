import * as z from 'zod';
import type { Tx } from './database.ts';

/** How urgent a message is. Each lane has workers of its own, so that a mailing never delays a page. */
export const LANES = ['page', 'alert', 'broadcast'] as const;
export type Lane = (typeof LANES)[number];

export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * What is to be said, before any channel has put it into its own form. Plain text everywhere: a channel escapes what
 * its markup needs.
 */
export const Notice = z.object({
  /** The application it is about: one channel often hears of several. */
  app: z.string(),
  /** Names the kind for programs that receive it, e.g. `alert.opened`. */
  type: z.string(),
  severity: z.enum(SEVERITIES),
  /** Whether something begins, ends, or is just said. */
  phase: z.enum(['opened', 'resolved', 'note']),
  /** One line, e.g. `api is down`. */
  title: z.string(),
  /** Whole sentences, one a paragraph. */
  text: z.array(z.string()),
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
  links: z.array(z.object({ label: z.string(), url: z.string() })),
  /** When what it tells of happened, epoch milliseconds. */
  at: z.int(),
  /** When we were sure of it: from then on every moment until it arrives is ours to answer for. */
  knownAt: z.int(),
  /** For programs: goes as it is into the `data` of a webhook. */
  data: z.record(z.string(), z.json()),
});
export type Notice = z.output<typeof Notice>;

export interface OutboundMessage {
  readonly environment: string;
  /** A second message with the same key is not added: what is said once is said once, whatever crashes. */
  readonly key: string;
  readonly lane: Lane;
  /** A channel of the manifest by its name, or `person:NAME` for somebody of `people`. */
  readonly channel: string;
  /** Messages of one thread arrive in order and belong together, e.g. an alert and its end. */
  readonly thread: string;
  readonly notice: Notice;
}

/** The command half of delivery: a message is queued in the transaction of its cause. False when the key was taken. */
export interface Outbound {
  enqueue(tx: Tx, message: OutboundMessage): Promise<boolean>;
}
