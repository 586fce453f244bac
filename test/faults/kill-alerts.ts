import { createAlerting } from '../../src/alerting/index.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { createEventStream } from '../../src/platform/sql/event-stream.ts';
import { systemClock as clock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { settings } from '../support/alerted.ts';
import { silentLog as log } from '../support/silent-log.ts';
import { sendingTo } from './kill-deliveries.ts';

const CHANNEL = 'dev';

/** One change of a monitor: an outage is known by when it began, and is `opened` and then perhaps `resolved`. */
export function changeName(monitor: string, startedAt: number, phase: 'opened' | 'resolved'): string {
  return `${monitor}/${startedAt}/${phase}`;
}

/** As a process of ours makes messages of state changes and sends them. */
export async function startTelling(db: Database, receiver: string): Promise<{ stop(): Promise<void> }> {
  const delivery = sendingTo(receiver, db, [CHANNEL]);
  const links = { statusPage: () => 'https://status.shop.example/' };
  const ids = createSystemIds(clock);
  const alerting = createAlerting({ db, ids, log, environment: 'live', outbound: delivery.outbound, links });
  alerting.apply(settings({ route: { channels: [CHANNEL], people: [], firstLevel: null } }));

  const stream = createEventStream({ db, clock, log });
  await stream.listen(({ name }) => {
    if (name === 'message.queued') delivery.wake();
  });
  stream.consume(alerting.consumer);
  delivery.start();
  return {
    async stop() {
      await stream.stop();
      await delivery.stop();
    },
  };
}
