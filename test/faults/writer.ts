/**
 * The victim of the kill test: commits as fast as it can, says on stdout what was acknowledged, and consumes its own
 * events. It is started again and again on the same database, and killed each time in the middle of it.
 */
import { argv, stdout } from 'node:process';
import { createEventStream } from '../../src/platform/sql/event-stream.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { silentLog } from '../support/silent-log.ts';
import { openMigrated } from './kill-database.ts';
import { KILL_CONSUMER, type KillTables } from './kill-schema.ts';

const WRITERS = 8;

const [, , where = '', life = ''] = argv;
const db = await openMigrated(where);

createEventStream({ db, clock: systemClock, log: silentLog }).consume({
  name: KILL_CONSUMER,
  async handle(event, tx) {
    if (event.name !== 'token.revoked') return;
    await tx.of<KillTables>().insertInto('kill_seen').values({ name: event.payload.name }).execute();
  },
});
stdout.write('ready\n');
await Promise.all(Array.from({ length: WRITERS }, (_, writer) => writeForEver(writer)));

async function writeForEver(writer: number): Promise<never> {
  for (let index = 0; ; index += 1) {
    const name = `${life}/${writer}/${index}`;
    await db.tx(async (tx) => {
      await tx.of<KillTables>().insertInto('kill_written').values({ name }).execute();
      await tx.emit('token.revoked', { tokenId: 'tok_1', name, by: 'kill test', at: Date.now() });
    });
    stdout.write(`${name}\n`);
    // Nothing on SQLite waits for the outside: without this the consumer would never get a turn.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
