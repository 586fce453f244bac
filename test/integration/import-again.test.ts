import assert from 'node:assert/strict';
import { appendFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { CHANNELS, counts, MONITORS, movedFrom, PART, SOCKET } from '../support/kuma-home.ts';

const HUSH = /hush/;

test('a second import finds everything there and changes nothing', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS, docker_host: [SOCKET], notification: CHANNELS });
  await home.import();
  const before = home.files();

  const report = await home.import();

  assert.deepEqual(counts(report), { there: 202, cannot: 1 });
  assert.deepEqual(home.files(), before);
});

test('secrets stand in .env, which only its owner can read, and nowhere else', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS, docker_host: [SOCKET], notification: CHANNELS });
  writeFileSync(path.join(home.folder, '.env'), "MINE='1'\nKUMA_REDIS_0_PASSWORD=other");

  const report = await home.import();

  const { '.env': dotenv, ...others } = home.files();
  assert.match(dotenv ?? '', /^MINE='1'\nKUMA_REDIS_0_PASSWORD=other\n\n# From Uptime Kuma\n/);
  assert.match(dotenv ?? '', /KUMA_POSTGRES_0_PASSWORD='pg-hush'/);
  assert.equal(statSync(path.join(home.folder, '.env')).mode & 0o777, 0o600);
  for (const [file, text] of Object.entries(others)) assert.doesNotMatch(text ?? '', HUSH, file);
  assert.doesNotMatch(JSON.stringify(report), HUSH);
  assert.deepEqual(
    report.variables.filter(({ state }) => state !== 'added'),
    [{ name: 'KUMA_REDIS_0_PASSWORD', state: 'differs' }],
  );
});

test('what a person edited or took out stays so, unless it is written over', async (t) => {
  const rows = { monitor: MONITORS.slice(0, 3) };
  const home = movedFrom(t, rows);
  await home.import();
  home.edit((text) => text.replace('every: 1m', 'every: 2m # gently').replace(/\n {2}# keyword 0[^]*?(?=\n\n)/, ''));
  const edited = home.files()[PART];

  const report = await home.import();

  assert.deepEqual(
    report.items.map(({ place, outcome }) => [place, outcome]),
    [
      ['monitors.http-0', 'skipped'],
      ['monitors.keyword-0', 'skipped'],
      ['monitors.json-query-0', 'there'],
    ],
  );
  assert.match(report.items[0]?.reason ?? '', /You edited it/);
  assert.match(report.items[1]?.reason ?? '', /You took it out/);
  assert.equal(home.files()[PART], edited);

  assert.deepEqual(counts(await home.import({ overwrites: true })), { changed: 1, created: 1, there: 1 });
  assert.match(home.files()[PART] ?? '', /keyword-0:/);
  assert.doesNotMatch(home.files()[PART] ?? '', /every: 2m/);
});

test('what changed there since is changed here, and the comments of people stay', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS.slice(0, 3) });
  await home.import();
  home.edit((text) => text.replace('monitors:', '# Ours since May.\nmonitors:'));
  home.source({ monitor: MONITORS.slice(0, 4).map((row) => (row['id'] === 2 ? { ...row, keyword: 'Buy' } : row)) });

  const report = await home.import();

  assert.deepEqual(counts(report), { created: 1, changed: 1, there: 2 });
  assert.match(home.files()[PART] ?? '', /# Ours since May\./);
  assert.match(home.files()[PART] ?? '', /contains: Buy/);
  assert.deepEqual(counts(await home.import()), { there: 4 });
});

test('what is taken out of Kuma stays until a person takes it out, and is told of', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS.slice(0, 3) });
  await home.import();
  home.source({ monitor: MONITORS.slice(0, 2) });

  const report = await home.import();

  assert.deepEqual(counts(report), { there: 2, skipped: 1 });
  assert.match(report.items[2]?.reason ?? '', /no longer in the source/);
  assert.match(home.files()[PART] ?? '', /json-query-0:/);
});

test('names that are taken stay whose they are', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS.slice(0, 2) });
  appendFileSync(path.join(home.folder, 'evenkeel.yaml'), 'monitors:\n  http-0: { tcp: "mine.example:80" }\n');

  const report = await home.import();

  assert.deepEqual(
    report.items.map(({ place }) => place),
    ['monitors.http-0-1', 'monitors.keyword-0'],
  );
  assert.deepEqual((await home.offline.checkManifest(undefined)).problems, []);
});

test('an entry that was moved to another file is left alone', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS.slice(0, 2) });
  await home.import();
  home.edit((text) => text.replace(/\n {2}# http 0[^]*?(?=\n\n)/, ''));
  appendFileSync(path.join(home.folder, 'evenkeel.yaml'), 'monitors:\n  http-0: { http: "https://shop.example" }\n');

  const report = await home.import();

  assert.deepEqual(counts(report), { skipped: 1, there: 1 });
  assert.match(report.items[0]?.reason ?? '', /another file of the manifest/);
});

test('a manifest with a mistake of its own is not added to', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS.slice(0, 2) });
  appendFileSync(path.join(home.folder, 'evenkeel.yaml'), 'monitor: {}\n');
  const before = home.files();

  const report = await home.import();

  assert.equal(report.isWritten, false);
  assert.match(report.problems[0]?.message ?? '', /monitor/);
  assert.deepEqual(home.files(), before);
});

test('a dry run writes nothing', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS.slice(0, 2) });
  const before = home.files();

  assert.deepEqual(counts(await home.import({ isDryRun: true })), { created: 2 });
  assert.deepEqual(home.files(), before);
});

test('without a manifest there is nothing to add to', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS.slice(0, 1) });
  rmSync(path.join(home.folder, 'evenkeel.yaml'));

  await assert.rejects(home.import(), { code: 'IMPORT_NO_MANIFEST' });
});
