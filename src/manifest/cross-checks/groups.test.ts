import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadedText, loadText, saidOf } from '../../../test/support/manifests.ts';

const API = 'services: { api: { url: "https://api.shop.example" } }';

const refused: readonly (readonly [what: string, monitors: string, message: RegExp])[] = [
  ['a member that does not exist', 'all: { group: [api, apl] }', /monitors\.all\.group\[1\]: there is no .* "apl"/],
  ['a group in itself', 'all: { group: [api, all] }', /monitors\.all\.group: .* in a circle: all → all/],
  ['groups in each other', 'a: { group: [b] }, b: { group: [a] }', /group: .* in a circle: a → b → a/],
  [
    'a group that something in it needs',
    'all: { group: [mail] }, mail: { tcp: "mail:25", depends_on: [all] }',
    /monitors\.all\.group: .* in a circle: all → mail → all/,
  ],
  ['a member that is named twice', 'all: { group: [api, api] }', /monitors\.all\.group\[1\]: "api" is named twice/],
  ['more than there are', 'all: { group: [api], min_up: 2 }', /monitors\.all\.min_up: expected at most 1/],
  ['nobody', 'all: { group: [] }', /group/],
  ['a share that is none', 'all: { group: [api], min_share: "0%" }', /min_share/],
  ['places', 'all: { group: [api], locations: [fra] }', /locations/],
  [
    'one key for two heartbeats',
    'one: { heartbeat: 5m, key: "aaaabbbbcccc" }, two: { heartbeat: 5m, key: "aaaabbbbcccc" }',
    /monitors\.two\.key is the same as monitors\.one\.key/,
  ],
  ['a key that fits no address', 'one: { heartbeat: 5m, key: "so secret!" }', /monitors\.one\.key/],
];

for (const [what, monitors, message] of refused) {
  test(`${what} is refused, at its place and without a secret`, async () => {
    const result = await loadText(`app: shop\n${API}\nmonitors: { ${monitors} }\n`);

    assert.equal(result.outcome, 'invalid');
    const said = saidOf(result).join('\n');
    assert.match(said, message);
    assert.doesNotMatch(said, /aaaabbbbcccc|so secret/);
  });
}

test('groups of groups and keys of different jobs are accepted', async () => {
  const monitors = [
    'all: { group: [some, mail], min_share: "50%" }',
    'some: { group: [api], min_up: 1 }',
    'mail: { tcp: "mail.shop.example:25" }',
    'one: { heartbeat: 5m, key: "0b5c1a9e-9d07-4bdb-8b36-3a2a1f8f1d11" }',
    'two: { heartbeat: 5m, key: "pingkeyofproject/nightly-backup" }',
  ];
  const { warnings } = await loadedText(`app: shop\n${API}\nmonitors: { ${monitors.join(', ')} }\n`);

  assert.deepEqual(warnings, []);
});
