import type { Db } from '../contracts/database.ts';
import type { DeliveryFacts } from '../contracts/facts.ts';
import type { Outbound } from '../contracts/outbound.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import type { Net } from '../kernel/net.ts';
import { channelOf, type ReadyChannel } from './channel-of.ts';
import { createFacts } from './facts.ts';
import type { MailServer } from './mail/mail-server.ts';
import { createOutbound } from './outbound.ts';
import { prune } from './queue/pruning.ts';
import { createWorkers } from './queue/workers.ts';
import type { ChannelSettings } from './section.ts';

export interface DeliveryDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly net: Net;
  readonly environment: string;
  /** Through which mail leaves; null when none is set. */
  readonly mail: MailServer | null;
}

/** Tells people and machines: everything this area does, behind one door. */
export interface Delivery {
  readonly outbound: Outbound;
  readonly facts: DeliveryFacts;
  /** From now on these are the channels, by name; `person:NAME` are people with an address of their own. */
  apply(channels: ReadonlyMap<string, ChannelSettings>): void;
  /** Starts the workers of each lane, after `apply`; what was under way when a process died is tried again. */
  start(): void;
  /** There is something new to send. */
  wake(): void;
  /** Breaks off what is under way and gives it back: it is sent again by whoever starts next. */
  stop(): Promise<void>;
  /** Deletes messages that ended before `before`, with their attempts; returns how many. What waits is kept. */
  prune(before: number, signal: AbortSignal): Promise<number>;
}

/** `ready` makes a channel of what the manifest says of it. */
export function createDelivery(
  deps: DeliveryDeps,
  ready: (settings: ChannelSettings) => ReadyChannel | undefined = channelOf,
): Delivery {
  let channels: ReadonlyMap<string, ReadyChannel | undefined> = new Map();
  const channelNamed = (name: string) => channels.get(name);
  const log = deps.log.with({ area: 'delivery' });
  const workers = createWorkers({ ...deps, log, channelNamed });

  return {
    outbound: createOutbound(deps),
    facts: createFacts({ ...deps, channelNamed }),
    apply(described) {
      channels = new Map([...described].map(([name, settings]) => [name, ready(settings)]));
    },
    start: workers.start,
    wake: workers.wake,
    stop: workers.stop,
    prune: (before, signal) => prune(deps, before, signal),
  };
}
