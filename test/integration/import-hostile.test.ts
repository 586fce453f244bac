import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { counts, MONITORS, movedFrom, PART } from '../support/kuma-home.ts';

const ONE = { monitor: MONITORS.slice(0, 1) };

const unwritable: readonly (readonly [what: string, text: string])[] = [
  ['is a list', '# mine\n- one\n- two\n'],
  ['is a few words', 'to be done\n'],
  ['has two documents', 'monitors: {}\n---\nmonitors: { mine: { tcp: "mine.example:80" } }\n'],
  ['says a section twice', 'monitors: {}\nmonitors: {}\n'],
  ['has a list where names stand', 'monitors: [one]\n'],
  ['ends too early', 'monitors: {'],
  ['names an anchor that there is not', 'monitors: { a: *nowhere }\n'],
];
for (const [what, text] of unwritable) {
  test(`an imported file that ${what} is left to the letter, and it is said why`, async (t) => {
    const home = movedFrom(t, ONE);
    mkdirSync(path.join(home.folder, 'evenkeel.d'));
    writeFileSync(path.join(home.folder, PART), text);
    const before = home.files();

    await assert.rejects(home.import({ overwrites: true }), { code: 'IMPORT_PART_UNUSABLE', message: /imported-kuma/ });

    assert.deepEqual(home.files(), before);
  });
}

for (const [what, text] of [
  ['only has comments', '# Ours since May.\n'],
  ['has a section without anything', '# Ours since May.\nmonitors:\n'],
] as const) {
  test(`an imported file that ${what} is added to`, async (t) => {
    const home = movedFrom(t, ONE);
    mkdirSync(path.join(home.folder, 'evenkeel.d'));
    writeFileSync(path.join(home.folder, PART), text);

    assert.deepEqual(counts(await home.import()), { created: 1 });

    assert.match(home.files()[PART] ?? '', /^# Ours since May\.\n/);
    assert.deepEqual(Object.keys(home.section('monitors')), ['http-0']);
    assert.deepEqual((await home.offline.checkManifest(undefined)).problems, []);
  });
}

for (const [what, text] of [
  ['an anchor that there is not', 'app: *nowhere\n'],
  ['aliases that multiply', `app: shop\nx-0: &x0 [a]\n${bomb(12)}`],
] as const) {
  test(`a manifest with ${what} is a problem of the manifest, and not ours`, async (t) => {
    const home = movedFrom(t, ONE);
    writeFileSync(path.join(home.folder, 'evenkeel.yaml'), text);

    const report = await home.import();

    assert.equal(report.isWritten, false);
    assert.equal(report.problems[0]?.file, 'evenkeel.yaml');
  });
}

function bomb(levels: number): string {
  const lines = Array.from({ length: levels }, (_, index) => {
    return `x-${index + 1}: &x${index + 1} [${Array.from({ length: 9 }, () => `*x${index}`).join(', ')}]`;
  });
  return `${lines.join('\n')}\n`;
}

test('more than a server would read is not written: it would have no manifest at all', async (t) => {
  const url = `https://shop.example/${'x'.repeat(5_000)}`;
  const monitor = Array.from({ length: 250 }, (_, index) => ({
    id: index + 1,
    name: `shop ${index}`,
    type: 'http',
    url,
  }));
  const home = movedFrom(t, { monitor });

  await assert.rejects(home.import(), { code: 'IMPORT_TOO_LONG', message: /imported-kuma\.yaml/ });

  assert.deepEqual(home.files(), { '.env': undefined, [PART]: undefined, [PART.replace('.yaml', '.json')]: undefined });
});

test('more secrets than a server would read are not written', async (t) => {
  const monitor = Array.from({ length: 90 }, (_, index) => ({
    id: index + 1,
    name: `shop ${index}`,
    type: 'http',
    url: 'https://shop.example/',
    method: 'POST',
    body: `token=${index}${'x'.repeat(3_000)}`,
  }));
  const home = movedFrom(t, { monitor });

  await assert.rejects(home.import(), { code: 'IMPORT_TOO_LONG', message: /\.env/ });

  assert.equal(home.files()['.env'], undefined);
});

test('a database that is damaged in the middle is told of as such, and nothing is written', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS });
  const bytes = readFileSync(home.database);
  writeFileSync(home.database, bytes.fill(0x41, Math.round(bytes.length / 3)));

  await assert.rejects(home.import(), { code: 'IMPORT_UNREADABLE', message: /kuma\.db .*SQLITE/ });

  assert.equal(home.files()[PART], undefined);
});

test('a number that is too large for anything is a problem of the source', async (t) => {
  const home = movedFrom(t, ONE);
  const db = new DatabaseSync(home.database);
  db.exec('update monitor set port = 9007199254740993');
  db.close();

  await assert.rejects(home.import(), { code: 'IMPORT_UNREADABLE' });
});

test('words that a source made up, and that every object of JavaScript has, mean nothing', async (t) => {
  const [first] = MONITORS;
  const kinds = ['constructor', 'toString', '__proto__'].map((type, index) => ({ ...first, id: index + 1, type }));
  const query = { json_path: 'a', json_path_operator: 'constructor', expected_value: 'x' };
  const home = movedFrom(t, {
    monitor: [
      ...kinds,
      { ...first, id: 4, name: 'query', type: 'json-query', ...query },
      { ...first, id: 5, name: 'five' },
    ],
    maintenance: [{ id: 1, title: 'work', active: 1, strategy: 'toString' }],
    monitor_maintenance: [{ monitor_id: 5, maintenance_id: 1 }],
  });

  const report = await home.import();

  assert.deepEqual(counts(report), { created: 1, cannot: 5 });
  for (const { outcome, reason } of report.items) {
    if (outcome === 'cannot') assert.match(reason ?? '', /no check of the kind|more than a path|no strategy/);
  }
});

test('things that are called like parts of JavaScript are as good as any', async (t) => {
  const names = ['constructor', '__proto__', 'toString'];
  const home = movedFrom(t, {
    monitor: names.map((name, index) => ({ ...MONITORS[0], id: index + 1, name })),
  });
  appendFileSync(path.join(home.folder, 'evenkeel.yaml'), 'monitors: { mine: { tcp: "mine.example:80" } }\n');

  assert.deepEqual(counts(await home.import()), { created: 3 });
  assert.deepEqual(Object.keys(home.section('monitors')), ['constructor', 'proto', 'tostring']);
  assert.deepEqual(counts(await home.import()), { there: 3 });
});
