import type { Lane, Severity } from '../../contracts/outbound.ts';

/** The part of the contract about alerts and the messages that tell of them. */
export interface AlertListView {
  /** Open ones first, then those that are over, newest first. */
  readonly alerts: readonly AlertView[];
}

/** One problem that people were told of, however many monitors it shows itself in. */
export interface AlertView {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly state: 'open' | 'resolved';
  /** The monitor it comes from, or `backup of NAME`. */
  readonly cause: string;
  /** Everything that failed because of it, the first one first. */
  readonly affected: readonly string[];
  readonly reason: string | null;
  readonly openedAt: string;
  readonly resolvedAt: string | null;
  /** The channels it was sent to; empty when there was nobody to tell. */
  readonly toldTo: readonly string[];
  /** What became of the newest message to each of these channels. */
  readonly messages: readonly AlertMessageView[];
}

export interface AlertMessageView {
  readonly channel: string;
  /** Null when it is too long ago for us to know. */
  readonly state: DeliveryView['state'] | null;
  /** Of a message that has not arrived: how its last attempt ended. Null when there was none. */
  readonly lastAttempt: AttemptView | null;
}

export interface DeliveryListView {
  /** Newest first. */
  readonly deliveries: readonly DeliveryView[];
}

/** One message to one channel. */
export interface DeliveryView {
  readonly id: string;
  readonly lane: Lane;
  readonly channel: string;
  /** The kind of channel, e.g. `slack`; null when the manifest has no such channel any more. */
  readonly type: string | null;
  readonly title: string;
  /** What it is about, e.g. the id of an alert. */
  readonly thread: string;
  /** `waiting` for its first or next attempt; `dead` is never tried again. */
  readonly state: 'waiting' | 'sending' | 'delivered' | 'dead';
  /** When we were sure of what it tells of. */
  readonly knownAt: string;
  readonly queuedAt: string;
  readonly deliveredAt: string | null;
  /** Of a waiting message. */
  readonly nextAttemptAt: string | null;
  /** How often it was tried. */
  readonly attemptCount: number;
  /** The newest 20, oldest first. */
  readonly attempts: readonly AttemptView[];
}

export interface AttemptView {
  readonly at: string;
  readonly tookMs: number;
  /** `unknown`: the server was stopped in the middle, so it may have arrived. */
  readonly outcome: 'delivered' | 'failed' | 'unknown';
  /** What the receiver answered or why there was no answer. Never a secret. */
  readonly detail: string;
}
