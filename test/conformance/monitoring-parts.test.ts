import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts';
import type { HttpResponse } from '../../src/kernel/net.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { createMonitoring, planFor } from '../../src/monitoring/index.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { ENGINES } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { depsOf, EVERY_MS, monitors, pass, service, watch } from '../support/watched.ts';

type Word = 'pass' | 'warn' | 'fail';
type Checks = Readonly<Record<string, readonly [status: Word, output?: string]>>;

for (const { engine, open } of ENGINES) {
  describe(`parts on ${engine}`, () => {
    test('are kept as they were last told, for every process, and go when they are not told of any more', async (t) => {
      const { says, monitoring, db, clock, net } = await watchHealth(t, open);
      const viewing = createMonitoring({ ...depsOf(db, clock, net), runsChecks: false });
      await viewing.apply(planFor(monitors([HEALTH])));
      const told = async () => (await viewing.parts('api')).map(({ name, state, detail }) => [name, state, detail]);

      says({ db: ['pass'], queue: ['warn', 'long'] });
      await pass(clock, EVERY_MS);
      await eventually(async () =>
        assert.deepEqual(await told(), [
          ['db', 'up', null],
          ['queue', 'degraded', 'long'],
        ]),
      );

      says({ db: ['fail', 'gone'] });
      await pass(clock, EVERY_MS);
      await eventually(async () => assert.deepEqual(await told(), [['db', 'down', 'gone']]));

      says(undefined);
      await pass(clock, EVERY_MS);
      await eventually(async () => assert.deepEqual(await told(), []));
      await monitoring.stop();
    });

    test('are written when they change, and mere numbers once a minute', async (t) => {
      const { says, clock, writes } = await watchHealth(t, open);
      let latency = 0;
      const round = async () => {
        says({ db: ['pass', `${(latency += 1)} ms`] });
        await pass(clock, EVERY_MS);
      };
      await round();
      await eventually(async () => assert.equal(await writes(), 1));

      for (let count = 0; count < 4; count += 1) await round();
      assert.equal(await writes(), 1);

      await pass(clock, MINUTE_MS);
      await eventually(async () => assert.equal(await writes(), 2));
    });

    test('are not written again because they come in another order', async (t) => {
      const { says, clock, writes } = await watchHealth(t, open);
      says({ db: ['pass', 'fine'], cache: ['pass', 'fine'] });
      await pass(clock, EVERY_MS);
      await eventually(async () => assert.equal(await writes(), 1));

      says({ cache: ['pass', 'fine'], db: ['pass', 'fine'] });
      for (let count = 0; count < 3; count += 1) await pass(clock, EVERY_MS);

      assert.equal(await writes(), 1);
    });

    test('of a monitor that nobody has checked lately are not told as if they still held', async (t) => {
      const { says, monitoring, clock, db, net } = await watchHealth(t, open);
      says({ db: ['pass'] });
      await pass(clock, EVERY_MS);
      await eventually(async () => assert.equal((await monitoring.parts('api')).length, 1));
      const viewing = createMonitoring({ ...depsOf(db, clock, net), runsChecks: false });
      await viewing.apply(planFor(monitors([HEALTH])));

      await monitoring.stop();
      await clock.advance(2 * EVERY_MS + 3 * SECOND_MS);

      assert.deepEqual(await viewing.parts('api'), []);
    });

    test('of a monitor that is gone are forgotten', async (t) => {
      const { says, monitoring, clock, stored } = await watchHealth(t, open);
      says({ db: ['pass'] });
      await pass(clock, EVERY_MS);
      await eventually(async () => assert.equal(await stored(), 1));

      await monitoring.apply(planFor(monitors([service('web')])));

      await eventually(async () => assert.equal(await stored(), 0));
    });
  });
}

const HEALTH = service('api', { url: new Secret('https://api.shop.example', 'api'), health: '/health' });

interface Tables {
  monitor_part: { monitor_id: number; at: number; parts: string };
}

/** A service whose health address says what a test makes it say; nothing at all for undefined. */
async function watchHealth(t: TestContext, open: (t: TestContext) => Promise<Database>) {
  let body = '';
  const http = {
    async send(): Promise<HttpResponse> {
      const timings = { dnsMs: 0, connectMs: 0, tlsMs: 0, firstByteMs: 1, transferMs: 0, totalMs: 1 };
      const headers = { 'content-type': 'application/health+json' };
      return { status: 200, headers, body: new TextEncoder().encode(body), isTruncated: false, address: '', timings };
    },
  };
  const watched = await watch(t, open, [HEALTH], { http });
  const rows = () => watched.db.of<Tables>().selectFrom('monitor_part').selectAll().execute();
  const seen = new Set<string>();
  return {
    ...watched,
    says(checks: Checks | undefined) {
      const told = Object.entries(checks ?? {}).map(
        ([name, [status, output]]) => [name, [{ status, output }]] as const,
      );
      body = checks === undefined ? '' : JSON.stringify({ status: 'pass', checks: Object.fromEntries(told) });
    },
    stored: async () => (await rows()).length,
    /** How many different rows have been seen. */
    async writes() {
      for (const { at, parts } of await rows()) seen.add(`${at} ${parts}`);
      return seen.size;
    },
  };
}
