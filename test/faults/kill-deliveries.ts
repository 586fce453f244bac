import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { createDelivery, type Delivery } from '../../src/delivery/index.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { createNet } from '../../src/platform/net/net.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { endOfOutbox } from '../../src/platform/sql/outbox.ts';
import { systemClock as clock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { eventually } from '../support/eventually.ts';
import { silentLog as log } from '../support/silent-log.ts';

/** Of the test that is about deliveries only. */
export const CHANNELS = ['one', 'two', 'three', 'four'] as const;

/** Leases of the dead run out, and what failed is tried a few more times. */
const DRAINED_WITHIN_MS = 180_000;

/** As a process of ours sends, with real webhooks that all lead to one receiver. It has not started yet. */
export function sendingTo(receiver: string, db: Database, channels: readonly string[]): Delivery {
  const net = createNet({ policy: 'manifest', clock });
  const ids = createSystemIds(clock);
  const delivery = createDelivery({ db, clock, ids, log, net, environment: 'live', mail: null });
  delivery.apply(new Map(channels.map((name) => [name, { webhook: new Secret(receiver) }])));
  return delivery;
}

/** Until every consumer has handled every event and every message is delivered. */
export async function drained(db: Database): Promise<void> {
  await eventually(async () => {
    // Looking through everything takes a while itself; those who work should get on with it meanwhile.
    await delay(200);
    const end = await endOfOutbox(db);
    const cursors = await sql<{ xid: string; seq: number }>`select xid, seq from outbox_cursor`.execute(db.of());
    for (const { xid, seq } of cursors.rows) assert.equal(`${xid}/${seq}`, end);
    const states = await sql<{ state: string }>`select distinct state from delivery`.execute(db.of());
    assert.deepEqual(states.rows, [{ state: 'delivered' }]);
  }, DRAINED_WITHIN_MS);
}
