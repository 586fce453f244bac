import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { rootTest } from '../support/root.ts';
import { freshDatabase, startPostgres } from '../support/servers/postgres.ts';
import { openAt } from './kill-database.ts';
import { farMachine } from './shard-cable.ts';
import { assertKeptRhythm, assertNotAskedTwice, statesOf, storedChecks } from './shard-evidence.ts';
import { shared, startTarget } from './shard-target.ts';
import { createWorkers, MONITORS, RHYTHM } from './shard-workers.ts';

const ON_THE_CABLE_MS = 250;

rootTest(
  'the cable of a machine is pulled for 10 s: what it could not reach is not down, and others go on',
  async (t) => {
    const far = farMachine(t);
    const target = await startTarget(t);
    const databaseUrl = await freshDatabase(await startPostgres(t));
    await createWorkers(t).start('here', { databaseUrl, target: `127.0.0.1:${target.port}` });
    const farUrl = new URL(databaseUrl);
    farUrl.host = await far.reach(Number(farUrl.port));
    const farTarget = `${far.hereAddress}:${await target.listenOn(far.hereAddress)}`;
    await far.startWorker('there', { EVENKEEL_DATABASE_URL: farUrl.href, TARGET: farTarget });
    await shared(target, ['here', 'there']);

    far.pull();
    // What was on the cable when it was pulled has arrived by then.
    const pulledAt = Date.now() + ON_THE_CABLE_MS;
    await delay(10_000);
    far.plug();
    const pluggedAt = Date.now();
    await shared(target, ['here', 'there']);

    const db = await openAt(databaseUrl);
    t.after(() => db.close());
    const checks = await storedChecks(db);
    const whileHereAlone = checks.filter(({ at }) => at < pluggedAt);
    assertKeptRhythm(whileHereAlone, MONITORS, RHYTHM);
    assertNotAskedTwice(target.arrivals, checks, RHYTHM);
    for (const [monitor, states] of await statesOf(db)) assert.deepEqual(states, ['up'], monitor);
    const late = target.arrivals.filter(({ worker, at }) => worker === 'there' && at > pulledAt && at < pluggedAt);
    assert.deepEqual(late, []);
  },
);
