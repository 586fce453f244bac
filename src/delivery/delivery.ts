import type { DeliveryFacts } from '../contracts/facts.ts';
import type { Outbound } from '../contracts/outbound.ts';
import type { ChannelSettings } from './section.ts';

/** Tells people and machines: everything this area does, behind one door. */
export interface Delivery {
  readonly outbound: Outbound;
  readonly facts: DeliveryFacts;
  /** From now on these are the channels, by name; `person:NAME` are people with an address of their own. */
  apply(channels: ReadonlyMap<string, ChannelSettings>): void;
  /** Starts the workers of each lane; what was under way when a process died is tried again. */
  start(): void;
  /** There is something new to send. */
  wake(): void;
  /** Ends what is under way, or gives it back. */
  stop(): Promise<void>;
}
