import { createDelivery, type Delivery } from '../../src/delivery/index.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { createNet } from '../../src/platform/net/net.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { systemClock as clock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { silentLog as log } from '../support/silent-log.ts';

export const CHANNELS = ['one', 'two', 'three', 'four'] as const;

/** As a process of ours sends, with real webhooks that all lead to one receiver. It has not started yet. */
export function sendingTo(receiver: string, db: Database): Delivery {
  const net = createNet({ policy: 'manifest', clock });
  const ids = createSystemIds(clock);
  const delivery = createDelivery({ db, clock, ids, log, net, environment: 'live', mail: null });
  delivery.apply(new Map(CHANNELS.map((name) => [name, { webhook: new Secret(receiver) }])));
  return delivery;
}
