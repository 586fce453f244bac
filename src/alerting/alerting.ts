import type { EventConsumer } from '../contracts/events.ts';
import type { AlertingFacts } from '../contracts/facts.ts';
import type { RouteSettings } from './route.ts';

/** Decides what is an alert and who is told: everything this area does, behind one door. */
export interface Alerting {
  readonly facts: AlertingFacts;
  /** Makes alerts of events, in the transaction of its place in the stream. */
  readonly consumer: EventConsumer;
  /** From now on alerts go there. */
  apply(settings: RouteSettings): void;
}
