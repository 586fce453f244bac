import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import {
  loadedText,
  loadText,
  SAMPLE,
  SAMPLE_VARIABLES,
  type Surroundings,
  saidOf,
} from '../../test/support/manifests.ts';
import { memoryFiles } from '../../test/support/memory-files.ts';
import { loadManifest } from './index.ts';

describe('the sample of the design', () => {
  test('loads as it is written', async () => {
    const { model, manifest } = await loadedText(SAMPLE, { variables: SAMPLE_VARIABLES });

    assert.equal(model.app, 'shop');
    assert.equal(model.environment, 'local');
    assert.deepEqual(model.environments, ['local', 'sandbox', 'testbed', 'live']);
    assert.deepEqual(
      model.services.map(({ name }) => name),
      ['web', 'api', 'db', 'cache', 'uploads'],
    );
    assert.deepEqual(model.services[1]?.dependsOn, ['db', 'cache']);
    assert.deepEqual(Object.keys(manifest.monitors ?? {}), ['checkout', 'nightly']);
    assert.deepEqual(
      manifest.escalate?.['default']?.map(({ wait }) => wait),
      [300_000, 600_000, 900_000, undefined],
    );
    assert.deepEqual(manifest.oncall?.['primary']?.handoff, { weekday: 1, minutes: 540 });
    assert.deepEqual(manifest.deploy?.steps, [10, 50, 100]);
  });

  test('names every variable that is not set, at its place', async () => {
    const result = await loadText(SAMPLE);

    assert.deepEqual(
      saidOf(result).map((said) => said.replace(/ is not set.*/, '')),
      [
        'evenkeel.yaml:7:38 The variable DATABASE_URL',
        'evenkeel.yaml:8:35 The variable REDIS_URL',
        'evenkeel.yaml:9:32 The variable S3_URL',
        'evenkeel.yaml:16:53 The variable ADA_PHONE',
        'evenkeel.yaml:17:28 The variable SLACK_URL',
        'evenkeel.yaml:17:66 The variable PD_KEY',
      ],
    );
  });

  test('says once what it reads but does not act on', async () => {
    const loaded = await loadedText(SAMPLE, { variables: SAMPLE_VARIABLES });

    const [said, ...more] = saidOf(loaded);
    assert.match(said ?? '', /reads and checks .*phone, oncall, .*deploy.*, but does not act on them yet/);
    assert.deepEqual(more, []);
  });

  test('shows no secret, however it is printed', async () => {
    const { model, manifest } = await loadedText(SAMPLE, { variables: SAMPLE_VARIABLES });

    const shown = inspect({ model, manifest }, { depth: 20 }) + JSON.stringify({ model, manifest });
    for (const secret of ['hunter2', 'xyzzy', 'r0ut1ngk3y', '1234567']) assert.doesNotMatch(shown, new RegExp(secret));
    assert.equal(String(model.services[2]?.url), '[${DATABASE_URL}]');
    assert.equal(model.services[2]?.url?.reveal(), SAMPLE_VARIABLES.DATABASE_URL);
  });
});

describe('several files', () => {
  const main = 'app: shop\nservices:\n  web: {}\n';

  test('are one manifest, in the order of their names', async () => {
    const files = { 'evenkeel.d/20-b.yaml': 'services: { b: {} }', 'evenkeel.d/10-a.yaml': 'services: { a: {} }' };

    const loaded = await loadedText(main, { files });

    assert.deepEqual(
      loaded.model.services.map(({ name }) => name),
      ['web', 'a', 'b'],
    );
    assert.deepEqual(loaded.files, ['evenkeel.yaml', 'evenkeel.d/10-a.yaml', 'evenkeel.d/20-b.yaml']);
  });

  test('may not define the same thing twice', async () => {
    const result = await loadText(main, {
      files: { 'evenkeel.d/a.yaml': '# mine\nservices:\n  web: { url: http://x }\n' },
    });

    assert.deepEqual(saidOf(result), [
      'evenkeel.d/a.yaml:3:3 services.web is already defined in evenkeel.yaml:3:3. Keep one of the two.',
    ]);
  });

  test('have their problems told under their own names', async () => {
    const result = await loadText(main, { files: { 'evenkeel.d/a.yaml': 'monitors:\n  x: { tpc: "a:1" }\n' } });

    assert.match(
      saidOf(result).join(),
      /^evenkeel\.d\/a\.yaml:2:8 monitors\.x\.tpc is not a known key\. Did you mean "tcp"\?$/,
    );
  });

  test('may be empty, all but the first', async () => {
    await loadedText(main, { files: { 'evenkeel.d/a.yaml': '', 'evenkeel.d/b.yaml': '# later\n' } });
  });

  test('that are overlooked because of their name are warned about', async () => {
    const loaded = await loadedText(main, { files: { 'evenkeel.d/a.yml': 'services: { a: {} }' } });

    assert.match(saidOf(loaded).join(), /a\.yml:1:1 This file is not read.*Rename it to a\.yaml/);
  });

  test('have one digest, which no variable changes', async () => {
    const text = 'app: shop\nservices: { db: { url: "${DB}" } }\n';
    const digest = async (variables: Surroundings['variables'], suffix = '') =>
      (await loadedText(text + suffix, { variables: { ...variables } })).digest;

    assert.equal(await digest({ DB: 'a://a' }), await digest({ DB: 'b://b' }));
    assert.notEqual(await digest({ DB: 'a://a' }), await digest({ DB: 'a://a' }, '# more\n'));
  });

  test('are not needed: a folder without any says what to do', async () => {
    const result = await loadManifest({
      path: '/app/evenkeel.yaml',
      files: memoryFiles({}),
      environmentVariable: () => undefined,
    });

    assert.equal(result.outcome, 'absent');
    assert.match(saidOf(result).join(), /There is no evenkeel\.yaml here\. Run `evenkeel init`/);
  });

  test('with a name nearly right are pointed at', async () => {
    const files = memoryFiles({ '/app/evenkeel.yml': main });
    const result = await loadManifest({ path: '/app/evenkeel.yaml', files, environmentVariable: () => undefined });

    assert.match(saidOf(result).join(), /Rename evenkeel\.yml to evenkeel\.yaml/);
  });
});

describe('what may be shared within a file', () => {
  test('is shared by aliases and merge keys, and kept under x-', async () => {
    const text = [
      'app: shop',
      'x-usual: &usual { every: 30s, timeout: 2s }',
      'services:',
      '  web: { <<: *usual, every: 10s }',
      '  api: { <<: [*usual, { confirm: 3 }] }',
    ];
    const { manifest } = await loadedText(text.join('\n'));

    assert.deepEqual(manifest.services, {
      web: { every: 10_000, timeout: 2000 },
      api: { every: 30_000, timeout: 2000, confirm: 3 },
    });
  });
});

describe('warnings', () => {
  test('acts on people and the first level of `escalate.default`, and says what it leaves out', async () => {
    const said = async (escalate: string) => {
      const people = 'people: { ada: { email: ada@shop.example } }';
      return saidOf(await loadedText(`app: shop\n${people}\nescalate:\n  ${escalate}\n`));
    };

    assert.deepEqual(await said('default: [{ notify: [ada] }]'), []);
    assert.deepEqual(await said('default: [{ notify: [ada], wait: 5m }, { notify: [ada] }]'), [
      'evenkeel.yaml:4:42 This version reads and checks escalate.default[1], but does not act on it yet.',
    ]);
    assert.deepEqual(await said('night: [{ notify: [ada] }]'), [
      'evenkeel.yaml:4:3 This version reads and checks escalate.night, but does not act on it yet.',
    ]);
  });

  test('tell of checks that are rarer than every five minutes [MON-02/U]', async () => {
    const text =
      'app: shop\nservices:\n  slow: { every: 301s }\n  right: { every: 5m }\nmonitors:\n  m: { tcp: "a:1", every: 1h }\n';

    const said = saidOf(await loadedText(text));

    assert.equal(said.length, 2);
    assert.match(said[0] ?? '', /3:18 services\.slow\.every: a failure can go unseen this long/);
    assert.match(said[1] ?? '', /6:27 monitors\.m\.every/);
  });

  test('tell of a timeout that the next check cuts short', async () => {
    const text =
      'app: shop\nservices:\n  cut: { every: 5s, timeout: 30s }\n  right: { every: 5s, timeout: 5s }\n  usual: { timeout: 30s }\n';

    const said = saidOf(await loadedText(text));

    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /3:30 services\.cut\.timeout: .* after 5s\./);
  });

  test('tell of an engine that is probably mistyped', async () => {
    const said = saidOf(await loadedText('app: shop\nservices: { db: { engine: postgers } }\n'));

    assert.match(said.join(), /2:27 services\.db\.engine: .* Did you mean "postgres"\?/);
  });
});

describe('the environment', () => {
  const text = 'app: shop\nenvironments: { staging: {}, production: }\n';

  test('is found under each of its names', async () => {
    for (const environment of ['production', 'live']) {
      assert.equal((await loadedText(text, { environment })).model.environment, 'live');
    }
  });

  test('is the first one described when there is no local one', async () => {
    const { model } = await loadedText(text);

    assert.deepEqual([model.environment, model.environments], ['sandbox', ['sandbox', 'live']]);
  });
});
