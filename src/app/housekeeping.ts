import * as z from 'zod';
import type { Alerting } from '../alerting/index.ts';
import type { Db } from '../contracts/database.ts';
import type { JobDefinition } from '../contracts/jobs.ts';
import type { Delivery } from '../delivery/index.ts';
import type { Identity } from '../identity/index.ts';
import { type Clock, DAY_MS, MINUTE_MS } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Monitoring } from '../monitoring/index.ts';
import { pruneOutbox } from '../platform/sql/outbox.ts';
import { deleteParkedBefore } from '../platform/sql/parked-events.ts';

/** How long events are kept; how long results are is the manifest's to say. */
const KEPT_MS = 90 * DAY_MS;
/** Long enough to look into an attack, short enough that one cannot fill the disk. */
const REFUSALS_KEPT_MS = 30 * DAY_MS;

export interface HousekeepingDeps {
  readonly db: Db;
  readonly monitoring: Pick<Monitoring, 'tidy'>;
  readonly alerting: Pick<Alerting, 'prune'>;
  readonly delivery: Pick<Delivery, 'prune'>;
  readonly audit: Pick<Identity['audit'], 'forgetStrangers'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Once an hour, what is over is rolled up: whoever looks back a month should not have to read every check. */
export function rollingUp({ monitoring }: { readonly monitoring: Pick<Monitoring, 'rollUp'> }): JobDefinition {
  return {
    name: 'history-roll-up',
    payload: z.object({}),
    cron: '5 * * * *',
    timeoutMs: 30 * MINUTE_MS,
    attemptsMax: 3,
    retryDelayMs: MINUTE_MS,
    handle: (_payload, { signal }) => monitoring.rollUp(signal),
  };
}

/** Forgets, once a night, what nobody will ask for any more. */
export function housekeeping({
  db,
  monitoring,
  alerting,
  delivery,
  audit,
  clock,
  log,
}: HousekeepingDeps): JobDefinition {
  return {
    name: 'housekeeping',
    payload: z.object({}),
    cron: '17 3 * * *',
    timeoutMs: 30 * MINUTE_MS,
    attemptsMax: 3,
    retryDelayMs: MINUTE_MS,
    async handle(_payload, { signal }) {
      const before = clock.now() - KEPT_MS;
      const results = await monitoring.tidy(signal);
      const alerts = await alerting.prune(before);
      const messages = await delivery.prune(before, signal);
      const events = await db.quiet('forgetting is no event', async (tx) => {
        await deleteParkedBefore(tx, before);
        return pruneOutbox(tx, before);
      });
      const refusals = await audit.forgetStrangers(clock.now() - REFUSALS_KEPT_MS);
      log.info('Old results, events, alerts and messages were deleted.', {
        results,
        alerts,
        messages,
        events,
        refusals,
        before: new Date(before).toISOString(),
      });
    },
  };
}
