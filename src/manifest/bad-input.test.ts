import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadText, type Surroundings, saidOf } from '../../test/support/manifests.ts';

describe('what is wrong is said at its line', () => {
  const cases: readonly (readonly [what: string, text: string, said: string, around?: Surroundings])[] = [
    ['an empty file', '', '1:1 There is nothing in this file yet.'],
    ['a file of comments', '# app: shop\n', '1:1 There is nothing in this file yet.'],
    ['a tab', 'app: shop\nservices:\n\tweb: {}\n', '3:1 A tab stands where the line is indented.'],
    [
      'a doubled key',
      'app: shop\nservices:\n  web: {}\n  web: {}\n',
      '4:3 The key "web" stands here a second time. The first one is in line 3',
    ],
    [
      'an unknown key',
      'app: shop\nservices:\n  web: { helth: /health }\n',
      '3:10 services.web.helth is not a known key. Did you mean "health"?',
    ],
    [
      'an unknown key at the top',
      'app: shop\nmonitor: {}\n',
      '2:1 monitor is not a known key. Did you mean "monitors"?',
    ],
    [
      'a key that is like nothing',
      'app: shop\nkeys: { zzzzzz: 1, recipients: [age1x] }',
      '2:9 keys.zzzzzz is not a known key. Known here: recipients, signers.',
    ],
    ['a missing app', 'services: {}\n', '1:1 app is missing: expected a text.'],
    ['a wrong type', 'app: [shop]\n', '1:6 app: expected a text; found a list.'],
    ['nothing where a text belongs', 'app:\n', '1:5 app: expected a text; found nothing.'],
    [
      'a list where keys belong',
      'app: shop\nservices: [web]\n',
      '2:11 services: expected keys such as `name: value`; found a list.',
    ],
    ['a list at the top', '- app: shop\n', '1:1 Expected keys such as `app:` at the top of the file.'],
    ['two documents', 'app: shop\n---\napp: shop\n', '2:1 A second document starts here'],
    [
      'a duration in words',
      'app: shop\nservices:\n  web:\n    every: 30 seconds\n',
      '4:12 services.web.every: expected a duration such as 30s, 5m or 1h30m, at least 1s, at most 1d; found 30 seconds.',
    ],
    [
      'a number for a duration',
      'app: shop\nservices:\n  web: { every: 30 }\n',
      '3:17 services.web.every: expected a duration such as 30s, 5m or 1h30m, at least 1s, at most 1d; found 30.',
    ],
    [
      'a word that is not in the list',
      'app: shop\ndeploy: { target: dokcer }\n',
      '2:19 deploy.target: expected one of docker, compose, kubernetes; found dokcer. Did you mean "docker"?',
    ],
    [
      'an environment nobody knows',
      'app: shop\nenvironments:\n  prodution: {}\n',
      '3:3 environments.prodution is not a known key. Did you mean "production"?',
    ],
    [
      'an environment twice',
      'app: shop\nenvironments: { live: {}, production: {} }\n',
      '2:27 environments.production: production and live are names of the same environment.',
    ],
    [
      'an address without a scheme, which is not repeated because it may hold a password',
      'app: shop\nservices:\n  web: { url: "ada hunter2" }\n',
      '3:15 services.web.url: expected an address with its scheme, such as https://shop.example.',
    ],
    [
      'a health path without an address',
      'app: shop\nservices:\n  web: { health: /health }\n',
      '3:10 services.web.health is a path, but the service has no url it could belong to.',
    ],
    [
      'a name with a space',
      'app: shop\nservices:\n  "my web": {}\n',
      `3:3 services.'my web': expected a name of at most 63 letters`,
    ],
    [
      'a doubled name',
      'app: shop\nservices:\n  web: {}\nmonitors:\n  web: { tcp: "a:1" }\n',
      '5:3 monitors.web: "web" is already the name of services.web.',
    ],
    [
      'an unknown dependency',
      'app: shop\nservices:\n  web: { depends_on: [ap] }\n  api: {}\n',
      '3:23 services.web.depends_on[0]: there is no service or monitor "ap". Did you mean "api"?',
    ],
    [
      'a circle',
      'app: shop\nservices:\n  a: { depends_on: [b] }\n  b: { depends_on: [c] }\n  c: { depends_on: [a] }\n',
      '3:8 services.a.depends_on: these depend on each other in a circle: a → b → c → a.',
    ],
    [
      'a dependency on itself',
      'app: shop\nservices:\n  a: { depends_on: [a] }\n',
      '3:8 services.a.depends_on: these depend on each other in a circle: a → a.',
    ],
    [
      'an earlier name that still lives',
      'app: shop\nservices:\n  web: { was: api }\n  api: {}\n',
      '3:15 services.web.was: "api" is still the name of something here.',
    ],
    [
      'an earlier name claimed twice',
      'app: shop\nservices:\n  web: { was: [old] }\n  api: { was: old }\n',
      '4:15 services.api.was: services.web.was claims "old" too.',
    ],
    [
      'a stranger in a threshold',
      'app: shop\nservices:\n  web: {}\nthresholds:\n  q: { reading: queue, above: 9, runbook: q, monitors: [web, wbe] }\n',
      '5:62 thresholds.q.monitors[1]: there is no service or monitor "wbe". Did you mean "web"?',
    ],
    [
      'a threshold switched off that was never on',
      'app: shop\nthresholds:\n  disk-spce: off\n',
      '3:3 thresholds.disk-spce: the preset "standard" has no rule of this name to switch off. Did you mean "disk-space"?',
    ],
    [
      'a threshold of another preset switched off',
      'app: shop\nthresholds: { preset: none, high-cpu: off }\n',
      '2:29 thresholds.high-cpu: the preset "none" has no rule of this name to switch off.',
    ],
    [
      'a threshold whose name would need quoting',
      'app: shop\nthresholds: { "disk space": { reading: disk, above: "85%", runbook: disk } }\n',
      "2:15 thresholds.'disk space': expected a name of at most 63 letters, digits, hyphens and underscores.",
    ],
    [
      'a stranger in a group',
      'app: shop\nservices:\n  web: {}\nstatus: { groups: { Shop: [wbe] } }\n',
      '4:28 status.groups.Shop[0]: there is no service or monitor "wbe". Did you mean "web"?',
    ],
    [
      'a language there is none of',
      'app: shop\nstatus: { languages: [en, xx] }\n',
      '2:27 status.languages[1]: expected one of en, de, ar; found xx.',
    ],
    [
      'an unknown person',
      'app: shop\npeople: { ada: }\noncall: { primary: { weekly: [eda], zone: UTC } }\n',
      '3:31 oncall.primary.weekly[0]: there is no person "eda". Did you mean "ada"?',
    ],
    [
      'an unknown target of an alert',
      'app: shop\npeople: { ada: {} }\nescalate: { default: [{ notify: [bob] }] }\n',
      '3:34 escalate.default[0].notify[0]: there is no person, rotation or channel "bob".',
    ],
    [
      'an unknown vault',
      'app: shop\nservices: { db: { backup: { vault: ofsite } } }\nvaults: { offsite: ./b }\n',
      '2:36 services.db.backup.vault: there is no vault "ofsite". Did you mean "offsite"?',
    ],
    ['an unknown tag', 'app: !secret shop\n', '1:6 Tags that start with `!` mean nothing in this file.'],
    ['an unknown alias', 'app: *name\n', '1:6 There is no anchor &name above this line.'],
    ['an alias of itself', 'app: &a [*a]\n', '1:10 There is no anchor &a above this line.'],
    ['an open quote', 'app: "shop\n', 'A quote or bracket is opened here and never closed.'],
    ['an open bracket', 'app: shop\nservices: { web: {}\n', 'The indentation does not fit'],
    ['two colons on a line', 'app: shop: web\n', '1:6 A second `key: value` stands on the same line.'],
    ['a key that is a list', '[app]: shop\n', '1:1 A key has to be a word.'],
    ['a dangerous key', 'app: shop\n__proto__: { x: 1 }\n', '2:1 `__proto__` cannot be a key.'],
    [
      'a reference without quotes between braces',
      'app: shop\nservices: { web: { url: ${URL} } }\n',
      '2:26 Within braces a reference has to be in quotes.',
    ],
    ['a reference without an end', 'app: "${APP"\n', '1:7 This `${` has no closing `}`.'],
    ['a reference to no file', 'app: ${file:./name}\n', '1:6 There is no file ./name.'],
    [
      'a _FILE twin that leads nowhere',
      'app: ${APP}\n',
      '1:6 The file that APP_FILE names does not exist.',
      { variables: { APP_FILE: '/run/secrets/app' } },
    ],
    ['Latin-1', 'app: shop\n# gr\u{fffd}n\n', '2:5 This is not UTF-8 text.'],
    ['UTF-16', 'a\0p\0p\0', '1:2 This is not UTF-8 text.'],
    [
      'Windows line ends',
      'app: shop\r\nservices:\r\n  web: { helth: x }\r\n',
      '3:10 services.web.helth is not a known key.',
    ],
    [
      'an environment the application has not',
      'app: shop\nenvironments: { live: {} }\n',
      '2:1 environments: "sandbox" is not one of live.',
      { environment: 'sandbox' },
    ],
    [
      'the type of a variable',
      'app: shop\nservices:\n  web: { env: { PORT: prt } }\n',
      '3:23 services.web.env.PORT: expected text, url, int, port, bool or words such as debug|info|warn, each with ? if it may be missing; found prt. Did you mean "port"?',
    ],
    [
      'a percentage out of order',
      'app: shop\ndeploy: { target: docker, strategy: canary, steps: ["50%", "10%", "100%"] }\n',
      '2:52 deploy.steps: expected each step to be larger than the one before; found a list.',
    ],
    [
      'a level that does not say how long',
      'app: shop\npeople: { ada: {}, bob: {} }\nescalate:\n  default:\n    - notify: [ada]\n    - notify: [bob]\n',
      '5:7 escalate.default[0]: This level has to say how long it waits',
    ],
    [
      'a time zone that is none',
      'app: shop\npeople: { ada: { zone: Berlin } }\n',
      '2:24 people.ada.zone: expected a time zone such as Europe/Berlin or UTC; found Berlin.',
    ],
    [
      'a time of day without quotes',
      'app: shop\nservices: { db: { backup: { at: 2 } } }\n',
      '2:33 services.db.backup.at: expected a time of day in quotes, such as "02:00"; found 2.',
    ],
  ];
  for (const [what, text, said, around] of cases) {
    test(what, async () => {
      const result = await loadText(text, around);

      assert.notEqual(result.outcome, 'loaded');
      assert.ok(
        saidOf(result).some((line) => line.includes(said)),
        `said:\n${saidOf(result).join('\n')}`,
      );
      for (const { line } of 'problems' in result ? result.problems : []) {
        assert.ok(line >= 1 && line <= text.split('\n').length + 1);
      }
    });
  }

  const alone: readonly (readonly [what: string, text: string])[] = [
    [
      'a circle, whatever part of it is met first',
      'app: a\nservices: { a: { depends_on: [b] }, b: { depends_on: [c, a] }, c: {} }\n',
    ],
    ['a mistyped key that is needed', 'ap: shop\n'],
    ['a missing variable', 'app: shop\nservices: { db: { url: "${DB}" } }\n'],
  ];
  for (const [what, text] of alone) {
    test(`once: ${what}`, async () => assert.equal(saidOf(await loadText(text)).length, 1));
  }

  test('all of it at once, in reading order', async () => {
    const text = 'app: 1\nservices:\n  web: { helth: /, every: soon }\ndeploy: { target: moon }\n';

    const result = await loadText(text);

    assert.deepEqual(
      saidOf(result).map((line) => line.split(' ', 2).join(' ')),
      [
        'evenkeel.yaml:1:6 app:',
        'evenkeel.yaml:3:10 services.web.helth',
        'evenkeel.yaml:3:27 services.web.every:',
        'evenkeel.yaml:4:19 deploy.target:',
      ],
    );
  });
});
