import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { PageSeen } from '../../src/kernel/browser.ts';
import { createMonitoring, monitorsOf, monitorTypes, planFor } from '../../src/monitoring/index.ts';
import { createPictures, type PictureLimits } from '../../src/platform/pictures.ts';
import { memoryDatabase } from '../support/databases.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openHttpFace, PNG } from '../support/http-face.ts';
import { scriptedNet } from '../support/scripted-net.ts';
import { depsOf, modelOf } from '../support/watched.ts';

// The manifest loads the types that it names; tests describe monitors without one.
await monitorTypes.loadAll();

const AT = Date.parse('2026-01-05T14:02:09.123Z');

test('pictures: the last few of each monitor are kept, for nobody else to read', async (t) => {
  const { folder, pictures } = inFolder(t, { kept: 2 });
  for (const later of [0, 1, 2]) await pictures.keep('shop', AT + later, PNG);
  await pictures.keep('blog', AT, Buffer.from('other'));

  assert.deepEqual(await pictures.list('shop'), [AT + 2, AT + 1]);
  assert.deepEqual(Buffer.from((await pictures.read('shop', AT + 2)) ?? []), PNG);
  assert.equal(await pictures.read('shop', AT), undefined);
  assert.deepEqual(await pictures.list('blog'), [AT]);
  assert.deepEqual(await pictures.list('never'), []);
  assert.equal(statSync(path.join(folder, 'shop')).mode & 0o777, 0o700);
  for (const file of readdirSync(path.join(folder, 'shop'))) {
    assert.equal(statSync(path.join(folder, 'shop', file)).mode & 0o777, 0o600, file);
  }
});

test('pictures: all together have a limit, and the oldest go first', async (t) => {
  const { pictures } = inFolder(t, { bytesMax: 25 });
  for (const [index, monitor] of ['a', 'b', 'c'].entries()) await pictures.keep(monitor, AT + index, Buffer.alloc(10));

  assert.deepEqual([await pictures.list('a'), await pictures.list('b')], [[], [AT + 1]]);
  assert.deepEqual(await pictures.list('c'), [AT + 2]);
});

test('pictures: no name of a monitor leads out of the folder, and what else lies there is none', async (t) => {
  const { folder, pictures } = inFolder(t);
  for (const name of ['..', '../..', 'a/b', '.', 'shop ✓']) {
    await pictures.keep(name, AT, PNG);
    assert.deepEqual(await pictures.list(name), [AT], name);
  }
  assert.equal(readdirSync(folder).length, 5);
  writeFileSync(path.join(folder, readdirSync(folder)[0] ?? '', 'notes.png'), 'x');

  await Promise.all([1, 2, 3].map((later) => pictures.keep('a/b', AT + later, PNG)));
  assert.deepEqual(await pictures.list('a/b'), [AT + 3, AT + 2, AT + 1, AT]);
});

test('pictures: what a check saw goes to the disk, and neither into memory nor into its result', async (t) => {
  const { pictures } = inFolder(t);
  const db = await memoryDatabase(t);
  const clock = new FakeClock();
  const seen = { ...BLANK, picture: new Uint8Array(PNG) };
  const deps = { ...depsOf(db, clock, scriptedNet()), browser: { visit: async () => seen }, pictures };
  const monitoring = createMonitoring({ ...deps, runsChecks: true });
  t.after(() => monitoring.stop());
  const entries = { shop: { browser: 'http://shop.example', text: 'Pay now' } };
  await monitoring.apply(planFor(monitorsOf(modelOf([]), { services: {}, monitors: asParsed(entries) }).monitors));

  const result = await monitoring.checkNow('shop');

  assert.equal(result?.state, 'down');
  assert.equal(result.picture, undefined);
  await eventually(async () => assert.deepEqual(await pictures.list('shop'), [clock.now()]));
});

test('pictures: operators get them from the API, and nobody below', async (t) => {
  const { ask } = await openHttpFace(t);

  const { json } = await ask('GET', '/api/v1/monitors/nightly/pictures', { as: 'operator' });
  const [{ at, url }] = json.pictures;
  assert.equal(url, `https://status.shop.example/api/v1/monitors/nightly/pictures/${encodeURIComponent(at)}`);

  const detail = await ask('GET', '/api/v1/monitors/nightly', { as: 'operator' });
  assert.deepEqual(detail.json.pictures, json.pictures);
  assert.equal((await ask('GET', '/api/v1/monitors/nightly', { as: 'viewer' })).json.pictures, null);

  const address = new URL(url).pathname;
  const picture = await ask('GET', address, { as: 'operator' });
  assert.deepEqual([picture.status, picture.headers['content-type']], [200, 'image/png']);
  assert.equal((await ask('GET', address, { as: 'viewer' })).status, 403);
  const gone = await ask('GET', '/api/v1/monitors/nightly/pictures/2020-01-01T00%3A00%3A00.000Z', { as: 'operator' });
  assert.equal(gone.json.error.code, 'HTTP_PICTURE_UNKNOWN');
});

const BLANK: PageSeen = {
  status: 200,
  title: '',
  text: '',
  problem: { kind: 'text missing' },
  scriptErrors: [],
  timings: { firstByteMs: 1, loadMs: 2, totalMs: 3 },
};

/** As they come out of the manifest. */
function asParsed(entries: Readonly<Record<string, object>>) {
  const { settings } = monitorTypes.get('browser');
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, settings.parse(entry)]));
}

function inFolder(t: TestContext, limits: PictureLimits = {}) {
  const parent = mkdtempSync(path.join(tmpdir(), 'evenkeel-pictures-'));
  t.after(() => rmSync(parent, { recursive: true }));
  const folder = path.join(parent, 'pictures');
  return { folder, pictures: createPictures(folder, limits) };
}
