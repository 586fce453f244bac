import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FakeClock } from '../../test/support/fake-clock.ts';
import { type MemoryFiles, memoryFiles } from '../../test/support/memory-files.ts';
import { recordingLog } from '../../test/support/silent-log.ts';
import { createManifestSource, type LoadedManifest, type ManifestSource } from './index.ts';

const FILE = '/app/evenkeel.yaml';
const ONE = 'app: shop\nservices:\n  web: {}\n';
const TWO = 'app: shop\nservices:\n  web: {}\n  api: {}\n';
const WRONG = 'app: shop\nservices:\n  web: { helth: x }\n';

let files: MemoryFiles;
let clock: FakeClock;
let log: ReturnType<typeof recordingLog>;
let applied: string[];
let apply: (loaded: LoadedManifest) => Promise<void>;
let source: ManifestSource;

beforeEach(async (t) => {
  files = memoryFiles({ [FILE]: ONE });
  clock = new FakeClock();
  log = recordingLog();
  applied = [];
  apply = async ({ model }) => void applied.push(model.services.map(({ name }) => name).join());
  source = createManifestSource({
    path: FILE,
    files,
    clock,
    log,
    environmentVariable: () => undefined,
    apply: (loaded) => apply(loaded),
  });
  await source.reload();
  source.start();
  if ('after' in t) t.after(() => source.stop());
});

describe('a manifest that changes', () => {
  test('is applied once at the start, and not again while it stays the same', async () => {
    await pass(20);

    assert.deepEqual(applied, ['web']);
  });

  test('is applied within seconds', async () => {
    files.texts.set(FILE, TWO);
    await pass(3);

    assert.deepEqual(applied, ['web', 'web,api']);
    assert.equal(source.status().applied?.loaded.model.services.length, 2);
  });

  test('is noticed in a part that is added, changed and taken away', async () => {
    const part = '/app/evenkeel.d/a.yaml';
    for (const text of ['services: { a: {} }', 'services: { b: {} }']) {
      files.texts.set(part, text);
      await pass(3);
    }
    files.texts.delete(part);
    await pass(3);

    assert.deepEqual(applied, ['web', 'web,a', 'web,b', 'web']);
  });

  test('is noticed in a value that it takes from a file', async () => {
    files.texts.set('/app/.env', 'NAME=one\n');
    files.texts.set(FILE, 'app: shop\nservices: { web: { description: "${NAME}" } }\n');
    await pass(3);
    files.texts.set('/app/.env', 'NAME=two\n');
    await pass(3);

    assert.equal(source.status().applied?.loaded.model.services[0]?.description, 'two');
  });

  test('is not applied in the middle of a save', async () => {
    files.texts.set(FILE, 'app: shop\n');
    await clock.advance(2000);
    files.texts.set(FILE, TWO);
    await pass(3);

    assert.deepEqual(applied, ['web', 'web,api']);
    assert.deepEqual(warnings(), []);
  });
});

describe('a manifest that is wrong', () => {
  test('keeps the old one in force and says so once', async () => {
    files.texts.set(FILE, WRONG);
    await pass(20);

    assert.deepEqual(applied, ['web']);
    assert.equal(warnings().length, 1);
    const { applied: inForce, rejected } = source.status();
    assert.equal(inForce?.loaded.model.services.length, 1);
    assert.equal(rejected?.result.problems[0]?.path, 'services.web.helth');
  });

  test('is forgotten when it is put back as it was', async () => {
    files.texts.set(FILE, WRONG);
    await pass(3);
    files.texts.set(FILE, ONE);
    await pass(3);

    assert.equal(source.status().rejected, null);
    assert.deepEqual(applied, ['web'], 'what is in force already is not applied again');
  });

  test('is applied when it is put right', async () => {
    files.texts.set(FILE, WRONG);
    await pass(3);
    files.texts.set(FILE, TWO);
    await pass(3);

    assert.equal(source.status().rejected, null);
    assert.deepEqual(applied, ['web', 'web,api']);
  });

  test('for a moment, during a save, is not spoken of', async () => {
    files.texts.set(FILE, '');
    await clock.advance(2000);
    files.texts.set(FILE, ONE);
    await pass(5);

    assert.deepEqual(warnings(), []);
    assert.equal(source.status().rejected, null);
  });

  test('keeps the old one in force when the file goes away', async () => {
    files.texts.delete(FILE);
    await pass(3);

    assert.equal(source.status().rejected?.result.outcome, 'absent');
    assert.equal(source.status().applied?.loaded.model.app, 'shop');
  });

  test('puts no text of the file into the log', async () => {
    files.texts.set(FILE, 'app: shop\nservices: { web: { every: "hunter2" } }\n');
    await pass(3);

    assert.equal(warnings().length, 1);
    assert.doesNotMatch(JSON.stringify(log.lines), /hunter2/);
  });
});

describe('a folder without a manifest', () => {
  test('is nothing to warn of, and is left as soon as there is one', async () => {
    const empty = memoryFiles({});
    const fresh = createManifestSource({
      path: FILE,
      files: empty,
      clock,
      log,
      environmentVariable: () => undefined,
      apply,
    });
    assert.equal((await fresh.reload()).outcome, 'rejected');
    assert.deepEqual(warnings(), []);

    empty.texts.set(FILE, TWO);
    assert.equal((await fresh.reload()).outcome, 'applied');
  });
});

describe('a reload on request', () => {
  test('answers at once with what came of it', async () => {
    assert.equal((await source.reload()).outcome, 'unchanged');

    files.texts.set(FILE, TWO);
    assert.equal((await source.reload()).outcome, 'applied');

    files.texts.set(FILE, WRONG);
    const refused = await source.reload();
    assert.equal(refused.outcome, 'rejected');
    assert.equal(refused.problems.length, 1);
    assert.deepEqual(applied, ['web', 'web,api']);
  });

  test('changes nothing as a dry run', async () => {
    files.texts.set(FILE, TWO);
    assert.equal((await source.reload({ dryRun: true })).outcome, 'applied');
    files.texts.set(FILE, WRONG);
    assert.equal((await source.reload({ dryRun: true })).outcome, 'rejected');

    assert.deepEqual(applied, ['web']);
    assert.equal(source.status().rejected, null);
  });
});

describe('a manifest that cannot be applied', () => {
  test('leaves the old one in force and is tried again', async () => {
    const succeed = apply;
    apply = () => Promise.reject(new Error('the database is away'));
    files.texts.set(FILE, TWO);
    await pass(3);
    assert.equal(source.status().applied?.loaded.model.services.length, 1);
    assert.equal(
      log.lines.some(({ level }) => level === 'error'),
      true,
    );

    apply = succeed;
    await pass(3);
    assert.deepEqual(applied, ['web', 'web,api']);
  });
});

async function pass(seconds: number): Promise<void> {
  for (let quarter = 0; quarter < seconds * 4; quarter += 1) {
    await clock.advance(250);
    // What a look reads takes a few turns of the loop, even from memory.
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
  }
}

function warnings() {
  return log.lines.filter(({ level }) => level === 'warn');
}
