import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryFiles } from '../../test/support/memory-files.ts';
import type { Actor } from '../contracts/roles.ts';
import { type LoadOptions, loadManifest } from '../manifest/index.ts';
import { monitorsOf, planFor, writtenManifest } from '../monitoring/index.ts';
import { createMonitorParts } from './monitor-parts.ts';

const SOCKET: Actor = { name: 'admin socket', role: 'owner' };
const TOKEN: Actor = { name: 'token ci', role: 'operator', tokenId: 'tok_1' };
const PART = '/app/evenkeel.d/checkout.yaml';
const CHANGE = { dryRun: false };

test('adds a monitor in a file of its own, and reads the manifest again', async () => {
  const { files, parts, reloads, reachOf } = await setUp();

  const { file } = await parts.add({ name: 'checkout', entry: { http: 'https://shop.example/' } }, SOCKET, CHANGE);

  assert.equal(file, 'evenkeel.d/checkout.yaml');
  assert.match(files.texts.get(PART) ?? '', /http: https:\/\/shop\.example\//);
  assert.deepEqual(reloads, [false]);
  assert.equal(await reachOf('checkout'), 'manifest');
});

test('what a token adds reaches the internet only, and says so in the file', async () => {
  const { files, parts, reachOf } = await setUp();

  await parts.add({ name: 'checkout', entry: { http: 'https://shop.example/' } }, TOKEN, CHANGE);

  assert.match(files.texts.get(PART) ?? '', /added_by: token ci/);
  assert.equal(await reachOf('checkout'), 'api');
});

test('a token cannot ask for what looks at the machine itself', async () => {
  const { files, parts } = await setUp();

  await assert.rejects(parts.add({ name: 'checkout', entry: { host: 'cpu' } }, TOKEN, CHANGE), {
    code: 'MONITOR_REFUSED',
  });
  assert.equal(files.texts.has(PART), false);
});

test('refuses what would not load with its mistakes, and writes nothing', async () => {
  const { files, parts } = await setUp();
  const entry = { http: 'https://shop.example/', evry: '30s' };

  await assert.rejects(parts.add({ name: 'checkout', entry }, SOCKET, CHANGE), {
    code: 'MONITOR_REFUSED',
    message: /evry/,
  });
  assert.equal(files.texts.has(PART), false);
});

test('refuses a file that could not be read again, and would take the whole manifest with it', async () => {
  const { files, parts, loads } = await setUp();
  // Short as JSON, long as YAML.
  const entry = { http: 'https://shop.example/', depends_on: Array.from({ length: 9_000 }, () => 'web') };

  await assert.rejects(parts.add({ name: 'checkout', entry }, TOKEN, CHANGE), { code: 'MONITOR_REFUSED' });
  assert.equal(files.texts.has(PART), false);
  assert.ok(await loads());
});

test('shows what it takes out to those on this machine, and to the token that added it', async () => {
  const { parts, added } = await setUp();
  const entry = { http: 'https://shop.example/', headers: { Authorization: 'Bearer hunter2' } };
  const textFor = async (actor: Actor) => (await parts.remove('checkout', actor, { dryRun: true })).text;

  await parts.add({ name: 'checkout', entry }, TOKEN, CHANGE);
  added('checkout', TOKEN.name);

  assert.match(await textFor(TOKEN), /hunter2/);
  assert.match(await textFor(SOCKET), /hunter2/);
  assert.equal(await textFor({ ...TOKEN, name: 'token other' }), '');
});

test('two changes at once are held against each other', async () => {
  const { parts, loads } = await setUp();
  const entry = { tcp: 'db:5432', was: 'old' };

  const added = await Promise.allSettled(['one', 'two'].map((name) => parts.add({ name, entry }, TOKEN, CHANGE)));

  assert.deepEqual(
    added.map(({ status }) => status),
    ['fulfilled', 'rejected'],
  );
  assert.ok(await loads());
});

test('tells of mistakes elsewhere without quoting what stands there', async () => {
  const { files, parts } = await setUp();
  files.texts.set('/app/evenkeel.d/other.yaml', 'monitors: { other: { tcp: "db:1", pasword: hunter2 } }\n');

  await assert.rejects(
    parts.add({ name: 'checkout', entry: { tcp: 'db:5432' } }, TOKEN, CHANGE),
    ({ message }: Error) => {
      assert.match(message, /other\.yaml:1:.*pasword/);
      assert.doesNotMatch(message, /hunter2/);
      return true;
    },
  );
});

test('a dry run shows the file and leaves everything as it is', async () => {
  const { files, parts, reloads } = await setUp();

  const { text } = await parts.add({ name: 'checkout', entry: { tcp: 'db:5432' } }, SOCKET, { dryRun: true });

  assert.match(text, /tcp: db:5432/);
  assert.equal(files.texts.has(PART), false);
  assert.deepEqual(reloads, []);
});

test('refuses a name that is taken, by a service, a monitor or a file', async () => {
  const { files, parts } = await setUp();
  files.texts.set('/app/evenkeel.d/other.yaml', 'monitors: {}\n');

  for (const name of ['web', 'home', 'other']) {
    await assert.rejects(parts.add({ name, entry: { tcp: 'db:5432' } }, SOCKET, CHANGE), { code: 'MONITOR_EXISTS' });
  }
});

test('takes out only what it added', async () => {
  const { files, parts } = await setUp();
  files.texts.set('/app/evenkeel.d/mine.yaml', 'monitors: { mine: { tcp: "db:5432" } }\n');
  await parts.add({ name: 'checkout', entry: { tcp: 'db:5432' } }, SOCKET, CHANGE);

  await assert.rejects(parts.remove('mine', SOCKET, CHANGE), { code: 'MONITOR_NOT_ADDED' });
  await assert.rejects(parts.remove('nobody', SOCKET, CHANGE), { code: 'MONITOR_NOT_ADDED' });
  await parts.remove('checkout', SOCKET, CHANGE);

  assert.deepEqual(files.texts.has(PART), false);
  assert.ok(files.texts.has('/app/evenkeel.d/mine.yaml'));
});

test('keeps a monitor that something else needs', async () => {
  const { files, parts } = await setUp();
  await parts.add({ name: 'checkout', entry: { tcp: 'db:5432' } }, SOCKET, CHANGE);
  files.texts.set('/app/evenkeel.d/z.yaml', 'monitors: { z: { tcp: "z:1", depends_on: [checkout] } }\n');

  await assert.rejects(parts.remove('checkout', SOCKET, CHANGE), { code: 'MONITOR_REFUSED', message: /checkout/ });
  assert.ok(files.texts.has(PART));
});

async function setUp() {
  const files = memoryFiles({
    '/app/evenkeel.yaml':
      'app: shop\nservices: { web: { url: "https://shop.example" } }\nmonitors: { home: { tcp: "home:80" } }\n',
  });
  const load: LoadOptions = { path: '/app/evenkeel.yaml', files, environmentVariable: () => undefined };
  const loaded = async () => {
    const result = await loadManifest(load);
    assert.ok(result.outcome === 'loaded');
    const { monitors = {}, services = {} } = result.manifest;
    return { model: result.model, ...monitorsOf(result.model, { monitors, services }) };
  };
  const { model, monitors } = await loaded();
  const reloads: boolean[] = [];
  const written: Record<string, object> = {};
  const added = (name: string, by: string) => void (written[name] = { added_by: by });
  const manifest = {
    described: () => ({ model, monitoring: { ...planFor(monitors), written: writtenManifest({ monitors: written }) } }),
    reload: async ({ dryRun }: { readonly dryRun: boolean }) => {
      reloads.push(dryRun);
    },
  };
  const reachOf = async (name: string) => (await loaded()).monitors.find((monitor) => monitor.name === name)?.reach;
  const loads = async () => (await loadManifest(load)).outcome === 'loaded';
  return { files, reloads, reachOf, loads, added, parts: createMonitorParts({ manifest, load, files }) };
}
