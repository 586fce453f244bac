/**
 * The victim of the kill test of deliveries: commits changes together with the messages about them, says on stdout what
 * was acknowledged, and sends its messages meanwhile. It is started again and again on the same database, and killed
 * each time in the middle of it.
 */
import { argv, stdout } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { LANES } from '../../src/contracts/outbound.ts';
import { createEventStream } from '../../src/platform/sql/event-stream.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { NOTICE } from '../support/deliveries.ts';
import { silentLog } from '../support/silent-log.ts';
import { openMigrated } from './kill-database.ts';
import { CHANNELS, sendingTo } from './kill-deliveries.ts';
import type { KillTables } from './kill-schema.ts';

/** What is told of one alert. */
const STEPS = 3;
const PAUSE_MS = 5;

const [, , where = '', life = '', receiver = ''] = argv;
const db = await openMigrated(where);

const delivery = sendingTo(receiver, db, CHANNELS);
await createEventStream({ db, clock: systemClock, log: silentLog }).listen(({ name }) => {
  if (name === 'message.queued') delivery.wake();
});
delivery.start();
stdout.write('ready\n');
for (let index = 0; ; index += 1) await tell(index);

async function tell(index: number): Promise<void> {
  const thread = `${life}/${Math.floor(index / STEPS)}`;
  const name = `${life}/${index}`;
  const channel = CHANNELS[Math.floor(index / STEPS) % CHANNELS.length] ?? '';
  const lane = LANES[index % LANES.length] ?? 'page';
  const notice = { ...NOTICE, data: { name, thread, index } };
  await db.tx(async (tx) => {
    await tx.of<KillTables>().insertInto('kill_written').values({ name }).execute();
    await delivery.outbound.enqueue(tx, { environment: 'live', key: name, lane, channel, thread, notice });
  });
  stdout.write(`${name}\n`);
  await delay(PAUSE_MS);
}
