/**
 * The victim of the kill test of alerts: commits that monitors of its own go down and come back, says on stdout what
 * was acknowledged, and makes alerts and messages of its changes meanwhile. It is started again and again on the same
 * database, and killed each time in the middle of it.
 */
import assert from 'node:assert/strict';
import { argv, stdout } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { SECOND_MS } from '../../src/kernel/clock.ts';
import { goes, STARTED_AT } from '../support/alerted.ts';
import { eventually } from '../support/eventually.ts';
import { changeName, startTelling } from './kill-alerts.ts';
import { openMigrated } from './kill-database.ts';
import type { KillTables } from './kill-schema.ts';

const MONITORS = ['web', 'api'];
const PAUSE_MS = 10;
/** On a slow machine a page of changes could be too long for a life, and then no life would ever finish it. */
const UNHANDLED_MAX = 8;

const [, , where = '', life = '', receiver = ''] = argv;
const db = await openMigrated(where);
await startTelling(db, receiver);
stdout.write('ready\n');
await Promise.all(MONITORS.map((monitor) => failForEver(`${monitor}-${life}`)));

/** Each outage begins two seconds after the one before, and lasts one. */
async function failForEver(monitor: string): Promise<never> {
  for (let after = 0; ; after += 2) {
    const startedAt = STARTED_AT + after * SECOND_MS;
    await commit(changeName(monitor, startedAt, 'opened'), goes(monitor, 'down', { after }));
    await commit(changeName(monitor, startedAt, 'resolved'), goes(monitor, 'up', { after: after + 1 }));
  }
}

async function commit(name: string, emit: ReturnType<typeof goes>): Promise<void> {
  await db.tx(async (tx) => {
    await tx.of<KillTables>().insertInto('kill_written').values({ name }).execute();
    await emit(tx);
  });
  stdout.write(`${name}\n`);
  await delay(PAUSE_MS);
  await eventually(async () => {
    const count = await unhandled();
    assert.ok(count < UNHANDLED_MAX, `${count} changes have no message, and get none`);
  });
}

/** Of each change there is one message. */
async function unhandled(): Promise<number> {
  const query = sql<{ count: number }>`
    select (select count(*) from kill_written) - (select count(*) from delivery) as count`;
  return (await query.execute(db.of())).rows[0]?.count ?? 0;
}
