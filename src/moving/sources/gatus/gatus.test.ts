import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { planOf } from '../../../../test/support/import-plan.ts';
import { EvenkeelError } from '../../../kernel/errors.ts';
import { gatus } from './index.ts';

const plan = (text: string) => planOf(gatus, 'config.yaml', { 'config.yaml': text });

function endpoint(lines: string): string {
  const indented = lines
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  return `endpoints:\n  - name: it\n${indented}\n`;
}

const CONNECTED = 'conditions: ["[CONNECTED] == true"]';

test('each kind of endpoint becomes the type that asks the same', async () => {
  const kinds: readonly (readonly [lines: string, entry: Readonly<Record<string, unknown>>])[] = [
    ['url: tcp://cache.example:6379', { tcp: 'cache.example:6379' }],
    ['url: udp://game.example:27015\nbody: hello', { udp: 'game.example:27015', send: 'hello' }],
    ['url: tls://ldap.example:636', { tls: 'ldap.example:636' }],
    ['url: starttls://smtp.example:587', { starttls: 'smtp://smtp.example:587' }],
    ['url: icmp://router.example\nclient: { network: ip6 }', { ping: 'router.example', ip: 6 }],
    ['url: ssh://shop.example', { ssh: 'shop.example' }],
    ['url: wss://shop.example/live\nbody: status', { websocket: 'wss://shop.example/live', send: 'status' }],
    ['url: grpc://users.example:50051', { grpc: 'users.example:50051' }],
    ['url: grpcs://users.example:443', { grpc: 'grpcs://users.example:443' }],
    [
      'url: 192.0.2.53\ndns: { query-name: shop.example., query-type: mx }',
      { dns: 'shop.example', record: 'MX', server: '192.0.2.53' },
    ],
  ];
  for (const [lines, entry] of kinds) {
    const { entries } = await plan(endpoint(`${lines}\n${CONNECTED}`));
    assert.deepEqual(entries['it'], { ...entry, expect: ['[CONNECTED] == true'], every: '1m' });
  }
});

test('how a web address is asked is kept, and what is secret goes elsewhere', async () => {
  const { entries, secrets } = await plan(
    endpoint(
      [
        'url: https://probe:hunter2@shop.example/graphql',
        'method: post',
        'graphql: true',
        'body: "{ shop { open } }"',
        'headers: { X-Api-Key: abc, Accept: text/plain }',
        'interval: 90s',
        'client:',
        '  insecure: true',
        '  ignore-redirect: true',
        '  timeout: 2m',
        '  network: ip4',
        'conditions: ["[STATUS] == 200"]',
      ].join('\n'),
    ),
  );
  assert.deepEqual(entries['it'], {
    http: 'https://probe:${GATUS_IT_PASSWORD}@shop.example/graphql',
    method: 'POST',
    headers: { 'X-Api-Key': '${GATUS_IT_X_API_KEY}', Accept: 'text/plain', 'Content-Type': 'application/json' },
    body: '{"query":"{ shop { open } }"}',
    ip: 4,
    follow_redirects: false,
    verify_tls: false,
    expect: ['[STATUS] == 200'],
    every: '1m30s',
    timeout: '1m30s',
  });
  assert.deepEqual(secrets, { GATUS_IT_PASSWORD: 'hunter2', GATUS_IT_X_API_KEY: 'abc' });
});

test('variables stay variables, in either spelling, and two dollar signs are one', async () => {
  const { entries, secrets } = await plan(
    endpoint(
      'url: https://$HOST/\nheaders: { Authorization: "Bearer ${TOKEN}", X-Price: $$5 }\nconditions: ["[BODY] == ${WORD}"]',
    ),
  );
  assert.deepEqual(entries['it'], {
    http: 'https://${HOST}/',
    headers: { Authorization: 'Bearer ${TOKEN}', 'X-Price': '$5' },
    expect: ['[BODY] == ${WORD}'],
    every: '1m',
  });
  assert.deepEqual(secrets, {});
});

test('the alerts of an endpoint say how sure it has to be, and providers what they leave out', async () => {
  const alerting =
    'alerting: { slack: { webhook-url: "https://hooks.example/x", default-alert: { failure-threshold: 5 } } }\n';
  const { entries } = await plan(
    `${alerting}${endpoint(`url: tcp://a.example:1\nalerts: [{ type: slack }]\n${CONNECTED}`)}`,
  );
  const { confirm } = Object(entries['it']);
  assert.deepEqual(confirm, { down: 5, up: 2 });
});

test('what is like nothing here says why, and where it stands', async () => {
  const { entries, from } = await plan(
    `${endpoint(`url: sctp://core.example:38412\n${CONNECTED}`)}${[
      '  - { name: login, url: "ssh://a.example", ssh: { username: bob, password: x }, conditions: ["[STATUS] == 0"] }',
      '  - { name: random, url: "https://a.example", body: "[RANDOM_STRING_8]", conditions: ["[STATUS] == 200"] }',
      '  - { name: tunnel, url: "https://a.example", client: { tunnel: t }, conditions: ["[STATUS] == 200"] }',
      '  - { name: resolver, url: "tcp://a.example:1", client: { dns-resolver: "tcp://192.0.2.53:53" }, conditions: ["[CONNECTED] == true"] }',
      '  - { name: own certificate, url: "tls://a.example:1", client: { tls: { certificate-file: a, private-key-file: b } }, conditions: ["[CONNECTED] == true"] }',
      '  - { name: any certificate, url: "tls://a.example:1", client: { insecure: true }, conditions: ["[CONNECTED] == true"] }',
      '  - { name: how often, url: "https://a.example", interval: $EVERY, conditions: ["[STATUS] == 200"] }',
      '  - { name: nothing, url: "https://a.example" }',
      'security: {}',
    ].join('\n')}`,
  );
  assert.equal(entries['it'], 'Evenkeel has no check for "sctp://".');
  for (const title of [
    'login',
    'random',
    'tunnel',
    'resolver',
    'own certificate',
    'any certificate',
    'how often',
    'nothing',
    'security',
  ]) {
    assert.equal(typeof entries[title], 'string', title);
  }
  assert.equal(from['it'], 'config.yaml:2');
  assert.equal(from['login'], 'config.yaml:5');
  assert.equal(from['security'], 'config.yaml:13');
});

test('files of a folder are one: lists are joined, maps are merged', async () => {
  const { entries, from } = await planOf(gatus, 'config', {
    'config/a.yaml': `alerting: { slack: { webhook-url: "https://hooks.example/x" } }\n${endpoint(`url: tcp://a.example:1\n${CONNECTED}`)}`,
    'config/more/b.yml':
      'endpoints:\n  - { name: other, url: "tcp://b.example:1", alerts: [{ type: slack }], conditions: ["[CONNECTED] == true"] }\n',
    'config/more/default.txt': 'nothing',
    'config/c.yaml': 'alerting: { slack: { default-alert: { failure-threshold: 7 } } }\n',
  });
  assert.deepEqual(Object(entries['other']).confirm, { down: 7, up: 2 });
  assert.deepEqual(entries['slack'], { slack: '${GATUS_SLACK_URL}' });
  assert.equal(from['other'], 'config/more/b.yml:2');
  assert.ok(entries['it']);
});

test('what is repeated by an anchor is read as if it stood there', async () => {
  const { entries } = await plan(
    `usual: &usual\n  interval: 5m\n  ${CONNECTED}\nendpoints:\n  - { <<: *usual, name: it, url: "tcp://a.example:1" }\n`,
  );
  assert.deepEqual(entries['it'], { tcp: 'a.example:1', expect: ['[CONNECTED] == true'], every: '5m' });
});

test('a job keeps its token where it can be part of an address, and one token is for one job', async () => {
  const { entries } = await plan(
    [
      'external-endpoints:',
      '  - { name: good, token: potato-potato, heartbeat: { interval: 30m } }',
      '  - { name: short, token: potato, heartbeat: { interval: 30m } }',
      '  - { name: one, token: shared-token, heartbeat: { interval: 30m } }',
      '  - { name: two, token: shared-token, heartbeat: { interval: 30m } }',
      '  - { name: never, token: another-token }',
    ].join('\n'),
  );
  assert.deepEqual(entries['good'], { heartbeat: '30m', key: '${GATUS_GOOD_TOKEN}' });
  for (const title of ['short', 'one', 'two']) assert.deepEqual(entries[title], { heartbeat: '30m' });
  assert.equal(typeof entries['never'], 'string');
});

test('no text makes it throw anything but that it cannot be read', async () => {
  const pieces = fc.constantFrom(
    'endpoints:',
    'suites:',
    '\n',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '<<: ',
    'name: ',
    'url: ',
    'tcp://a:1',
    '"',
    '|',
    '!!',
    '$',
    '${',
    'alerts: ',
    'dns: ',
    'client: ',
    'conditions: ',
    '[BODY]',
    ' == ',
    '\t',
    '---',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 30 }).map((each) => `endpoints:\n${each.join('')}`),
  );
  await fc.assert(
    fc.asyncProperty(text, async (written) => {
      try {
        await plan(written);
      } catch (error) {
        assert.ok(error instanceof EvenkeelError && error.code === 'IMPORT_UNREADABLE', String(error));
      }
    }),
    { numRuns: 500 },
  );
});

test('nesting without end, and aliases that multiply, are refused', async () => {
  const deep = `endpoints: ${'['.repeat(50_000)}`;
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'[index]}`).join(', ')}]`),
    'endpoints: *h',
  ].join('\n');
  for (const text of [deep, bomb]) await assert.rejects(plan(text), { code: 'IMPORT_UNREADABLE' });
});
