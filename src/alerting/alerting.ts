import type { Db } from '../contracts/database.ts';
import type { EventConsumer } from '../contracts/events.ts';
import type { AlertingFacts } from '../contracts/facts.ts';
import type { Outbound } from '../contracts/outbound.ts';
import { MINUTE_MS } from '../kernel/clock.ts';
import type { Ids } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { createAlertKeeper } from './alert-keeper.ts';
import * as alertStore from './alert-store.ts';
import { createFacts } from './facts.ts';
import type { Described } from './names.ts';
import type { RouteSettings } from './route.ts';
import { readingOf } from './signal.ts';
import { createTelling } from './telling.ts';

export interface AlertingDeps {
  readonly db: Db;
  readonly ids: Ids;
  readonly log: Log;
  readonly environment: string;
  readonly outbound: Outbound;
  readonly links: { readonly statusPage: () => string };
}

/** Who is told, and what there is to be told of. */
export interface AlertingSettings extends Described {
  /** The name of the application. */
  readonly app: string;
  readonly route: RouteSettings;
}

/** Decides what is an alert and who is told: everything this area does, behind one door. */
export interface Alerting {
  readonly facts: AlertingFacts;
  /** Makes alerts of events, in the transaction of its place in the stream. */
  readonly consumer: EventConsumer;
  /** From now on alerts go there. Until the first time the consumer waits at the first event that matters. */
  apply(settings: AlertingSettings): void;
  /** Deletes what was resolved before; returns how many alerts. */
  prune(before: number): Promise<number>;
}

/** What began before we were installed is history; what began while we were being installed is not. */
const HEARS_BACK_MS = 15 * MINUTE_MS;

export function createAlerting({ db, ids, log, environment, outbound, links }: AlertingDeps): Alerting {
  let settings: AlertingSettings | undefined;
  const telling = createTelling({ outbound, log, links, settings: inForce });
  const keeper = createAlertKeeper({ ids, environment, telling, described: () => inForce() });

  return {
    facts: createFacts(db, environment),
    consumer: {
      // Environments that share a database each hear everything: what one skips is news to the other.
      name: `alerting/${environment}`,
      hearsBackMs: HEARS_BACK_MS,
      async handle(event, tx) {
        // By now everything that was heard of the monitors that are gone has been handled.
        if (event.name === 'manifest.applied') return keeper.retire(tx, event.payload.at);
        const reading = readingOf(event);
        if (reading?.environment !== environment) return;
        await ('failure' in reading ? keeper.fail(tx, reading.failure) : keeper.recover(tx, reading.recovery));
      },
    },
    apply(next) {
      settings = next;
    },
    prune: (before) =>
      db.quiet('forgetting is no event', (tx) => alertStore.deleteResolvedBefore(tx, environment, before)),
  };

  function inForce(): AlertingSettings {
    if (settings === undefined) throw new Error('Nobody has said yet whom alerts go to.');
    return settings;
  }
}
