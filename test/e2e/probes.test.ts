import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { SECOND_MS } from '../../src/kernel/clock.ts';
import { databaseProxy } from '../support/database-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { probeFolder, spawnProbe, startProbe, tokenFor, view } from '../support/probe-process.ts';
import { type Served, startServe, temporaryFolder } from '../support/serve-process.ts';

const PLANTED = 'hunter2-of-the-server';
const CHECK = 'every: 1s, timeout: 500ms, confirm: 2';

describe('probes', () => {
  test('what one of three places finds down is up, and what two find down is down', { timeout: 90_000 }, async (t) => {
    const [here, fra, nyc] = [await view(t), await view(t), await view(t)];
    const { served, stateOf, changes } = await serving(t, '[here, fra, nyc]', here.url);
    for (const [location, seen] of [
      ['fra', fra],
      ['nyc', nyc],
    ] as const) {
      const settings = { url: served.address ?? '', token: await tokenFor(served, location), folder: probeFolder(t) };
      await startProbe(t, { ...settings, env: { TARGET: seen.url } });
    }
    await eventually(async () => assert.equal((await stateOf()).state, 'up'));
    await eventually(() => assert.ok(fra.asked > 2 && nyc.asked > 2));

    fra.status = 503;
    await delay(5 * SECOND_MS);
    assert.equal((await stateOf()).state, 'up');
    assert.deepEqual(changes(), ['up']);

    nyc.status = 503;
    await eventually(async () => assert.equal((await stateOf()).state, 'down'));
    assert.match((await stateOf()).reason ?? '', /503.* \(from fra and nyc\)\.$/);

    fra.status = 200;
    await eventually(async () => assert.equal((await stateOf()).state, 'up'));
    assert.deepEqual(changes(), ['up', 'down', 'up']);
  });

  test('a probe whose line is cut, and which is killed meanwhile, loses nothing, repeats nothing and pages nobody', {
    timeout: 90_000,
  }, async (t) => {
    const [here, fra] = [await view(t), await view(t)];
    const { served, results, changes } = await serving(t, '[here, fra]', here.url);
    const line = await databaseProxy(t, served.address ?? '');
    const settings = {
      url: new URL(line.url).origin,
      token: await tokenFor(served, 'fra'),
      folder: probeFolder(t),
      env: { TARGET: fra.url },
    };
    const probe = await startProbe(t, settings);
    await eventually(() => assert.ok(results().length >= 3));

    line.cut();
    await delay(100);
    const before = results().length;
    fra.status = 503;
    await delay(4 * SECOND_MS);
    assert.equal(results().length, before);
    const askedUntilKill = fra.asked;
    probe.child.kill('SIGKILL');
    await probe.ended();

    fra.status = 200;
    const again = await startProbe(t, settings);
    assert.match(again.output(), /what it assigned before is checked/);
    await delay(3 * SECOND_MS);
    line.mend();
    await eventually(() => assert.ok(results().length >= before + 6), 40_000);

    const all = results();
    assert.ok(all.length >= askedUntilKill - 1, `${all.length} of ${askedUntilKill} are there`);
    assert.ok(all.length <= fra.asked, `${all.length} were made of ${fra.asked}`);
    assert.ok(
      all.filter(({ outcome }) => outcome === 2).length >= 3,
      'what was seen while the line was cut is missing',
    );
    assert.equal(new Set(all.map(({ at }) => at)).size, all.length);
    assert.deepEqual(changes(), ['up']);

    again.child.kill('SIGTERM');
    assert.equal(await again.ended(), 0);
    assert.match(again.output(), /"waiting":0,"message":"The probe has stopped/);
  });

  test('a probe learns no secret, says what it lacks, and speaks for no other place', {
    timeout: 60_000,
  }, async (t) => {
    const [here, fra] = [await view(t), await view(t)];
    const { served } = await serving(t, '[here, fra]', here.url);
    const url = served.address ?? '';
    const token = await tokenFor(served, 'fra');
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const ask = (target: string, body?: object) => {
      const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      return fetch(`${url}/api/v1${target}`, { headers, ...sent });
    };

    const assignment = await (await ask('/probe/assignment?version=1')).text();
    assert.match(assignment, /\$\{PLANTED\}/);
    assert.doesNotMatch(assignment, new RegExp(`${PLANTED}|only-nyc|${new URL(here.url).port}`));

    const elsewhere = { location: 'nyc', version: '1', spool: 's', now: Date.now(), gaps: [], results: [] };
    const refused = await ask('/probe/results', elsewhere);
    assert.equal(refused.status, 403);
    assert.match(await refused.text(), /PROBE_LOCATION_OTHER/);
    assert.equal((await ask('/monitors')).status, 403);
    assert.equal((await fetch(`${url}/api/v1/probe/assignment?version=1`)).status, 401);

    const probe = await startProbe(t, { url, token, folder: probeFolder(t), env: { TARGET: fra.url } });
    await eventually(() => assert.ok(fra.asked > 0));
    assert.match(probe.output(), /"monitor":"planted","reason":"The variable PLANTED is not set\."/);

    const wrong = spawnProbe(t, { url, token: token.replace(/.{4}$/, 'aaaa'), folder: probeFolder(t) });
    assert.equal(await wrong.ended(), 3);
    const inClear = spawnProbe(t, { url: 'http://status.example', token, folder: probeFolder(t) });
    assert.equal(await inClear.ended(), 2);
    assert.match(inClear.output(), /unencrypted/);
  });

  async function serving(t: TestContext, locations: string, target: string) {
    const folder = temporaryFolder(t);
    writeFileSync(
      path.join(folder, 'evenkeel.yaml'),
      `app: shop
monitors:
  web: { http: "\${TARGET}", ${CHECK}, locations: ${locations} }
  planted: { http: "http://127.0.0.1:9/?key=\${PLANTED}", every: 1h, locations: [fra] }
  only-nyc: { http: "http://127.0.0.1:9/", every: 1h, locations: [nyc] }
`,
    );
    const served = await startServe(t, { folder, env: { TARGET: target, PLANTED } });
    const database = new DatabaseSync(path.join(folder, '.evenkeel/evenkeel.db'), { readOnly: true });
    t.after(() => database.close());
    const web = "(select id from monitor where name = 'web')";
    return {
      served,
      stateOf: () => stateOfWeb(served),
      /** What came from elsewhere. */
      results: () =>
        database
          .prepare(`select at, outcome from check_result where monitor_id = ${web} and location > 0`)
          .all() as unknown as readonly { at: number; outcome: number }[],
      /** The states it was in, without those of the start. */
      changes: () =>
        database
          .prepare(`select state from state_change where monitor_id = ${web} order by at`)
          .all()
          .map(({ state }) => state)
          .filter((state) => state !== 'unknown'),
    };
  }

  async function stateOfWeb(served: Served): Promise<{ readonly state: string; readonly reason: string | null }> {
    const { stdout } = await served.cli(['monitor', 'show', 'web', '--json']);
    const { monitor = JSON.parse(stdout) } = JSON.parse(stdout);
    return monitor;
  }
});
