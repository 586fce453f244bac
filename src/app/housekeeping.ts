import * as z from 'zod';
import type { Db } from '../contracts/database.ts';
import type { JobDefinition } from '../contracts/jobs.ts';
import type { Identity } from '../identity/index.ts';
import { type Clock, DAY_MS, MINUTE_MS } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import type { Monitoring } from '../monitoring/index.ts';
import { pruneOutbox } from '../platform/sql/outbox.ts';

/** How long single results and events are kept. States, and so the uptime, are kept for ever. */
const KEPT_MS = 90 * DAY_MS;
/** Long enough to look into an attack, short enough that one cannot fill the disk. */
const REFUSALS_KEPT_MS = 30 * DAY_MS;

export interface HousekeepingDeps {
  readonly db: Db;
  readonly monitoring: Pick<Monitoring, 'prune'>;
  readonly audit: Pick<Identity['audit'], 'forgetStrangers'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Forgets, once a night, what nobody will ask for any more. */
export function housekeeping({ db, monitoring, audit, clock, log }: HousekeepingDeps): JobDefinition {
  return {
    name: 'housekeeping',
    payload: z.object({}),
    cron: '17 3 * * *',
    timeoutMs: 30 * MINUTE_MS,
    attemptsMax: 3,
    retryDelayMs: MINUTE_MS,
    async handle(_payload, { signal }) {
      const before = clock.now() - KEPT_MS;
      const results = await monitoring.prune(before, signal);
      const events = await db.quiet('forgetting is no event', (tx) => pruneOutbox(tx, before));
      const refusals = await audit.forgetStrangers(clock.now() - REFUSALS_KEPT_MS);
      log.info('Old results and events were deleted.', {
        results,
        events,
        refusals,
        before: new Date(before).toISOString(),
      });
    },
  };
}
