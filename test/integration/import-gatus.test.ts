import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createOffline } from '../../src/app/offline.ts';
import type { Manifest } from '../../src/manifest/index.ts';
import { diskFiles } from '../../src/platform/files.ts';
import { tryImport } from '../support/import-trial.ts';

const CONFIG = `
metrics: true
alerting:
  slack:
    webhook-url: \${SLACK_URL}
    default-alert: { failure-threshold: 5, success-threshold: 4 }
  email: { from: a@shop.example, host: mail.shop.example, password: hunter2, to: "ops@shop.example, dev@shop.example" }
  pagerduty: { integration-key: abc }
maintenance: { start: 23:00, duration: 1h, timezone: Europe/Amsterdam, every: [Monday, Thursday] }
connectivity: { checker: { target: "192.0.2.53:53" } }
endpoints:
  - name: website
    group: core
    url: https://shop.example/health
    interval: 5m
    alerts: [{ type: slack }]
    conditions: ["[STATUS] == 200", "[BODY].status == UP", "[RESPONSE_TIME] < 300"]
  - name: The Shop (old)
    url: https://probe:hunter2@old.shop.example/
    headers: { Authorization: "Bearer $SHOP_TOKEN" }
    conditions: ["[STATUS] == any(200, 429)", "[BODY] == pat(*<h1>Our (old) shop, still</h1>*)"]
    maintenance-windows: [{ start: "07:30", duration: 40m }]
  - { name: certificate, url: "https://shop.example", interval: 1h, conditions: ["[DOMAIN_EXPIRATION] > 720h", "[CERTIFICATE_EXPIRATION] > 240h"] }
  - { name: cache, url: "tcp://127.0.0.1:6379", conditions: ["[CONNECTED] == true"] }
  - { name: game, url: "udp://game.example:80", conditions: ["[CONNECTED] == true"] }
  - { name: ldaps, url: "tls://ldap.example:636", client: { timeout: 5s }, conditions: ["[CONNECTED] == true", "[CERTIFICATE_EXPIRATION] > 48h"] }
  - { name: mail, url: "starttls://smtp.example:587", conditions: ["[CONNECTED] == true", "[CERTIFICATE_EXPIRATION] > 48h"] }
  - { name: router, url: "icmp://router.example", conditions: ["[CONNECTED] == true"] }
  - { name: resolver, url: 192.0.2.53, dns: { query-name: shop.example, query-type: A }, conditions: ["[BODY] == 192.0.2.1", "[DNS_RCODE] == NOERROR"] }
  - { name: live, url: "wss://shop.example/live", body: status, conditions: ["[CONNECTED] == true", "[BODY] == pat(*served by*)"] }
  - { name: users, url: "grpcs://users.example:443", conditions: ["[CONNECTED] == true", "[BODY].status == SERVING"] }
  - { name: shell, url: "ssh://shop.example:22", ssh: { username: "" }, conditions: ["[CONNECTED] == true", "[STATUS] == 0"] }
  - { name: asks, url: "http://127.0.0.1:8080/graphql", method: POST, graphql: true, body: "{ users { id } }", conditions: ["[STATUS] == 200", "[BODY].data.users[0].id == 1"] }
  - { name: paused, enabled: false, url: "https://shop.example", conditions: ["[STATUS] == 200"] }
  - { name: odd status, group: core, url: "https://shop.example", conditions: ["[STATUS] == 0"] }
  - { name: unset, url: "https://shop.example/\${NOBODY_SET_THIS}", conditions: ["[STATUS] == 200"] }
external-endpoints:
  - { name: nightly, group: core, token: potato-potato, heartbeat: { interval: 30m } }
suites:
  - name: items
    group: api
    interval: 10m
    context: { price: "19.99" }
    endpoints:
      - name: create
        url: https://api.example/items
        method: POST
        body: '{"price": "[CONTEXT].price"}'
        conditions: ["[STATUS] == 201", "len([BODY].id) > 0", "[BODY].price == [CONTEXT].price"]
        store: { itemId: "[BODY].id" }
      - { name: delete, url: "https://api.example/items/[CONTEXT].itemId", method: DELETE, always-run: true, conditions: ["[STATUS] == 204"] }
`;

test('a Gatus moves in with one command, and a second run changes nothing', async (t) => {
  const variables = { SLACK_URL: 'https://hooks.slack.com/services/x', SHOP_TOKEN: 'a-token-of-the-shop' };
  const { manifest, left, text } = await tryImport(
    t,
    { 'gatus/config.yaml': CONFIG },
    { source: 'gatus', where: 'gatus/config.yaml', variables },
  );
  assertMonitors(manifest.manifest);
  assertRest(manifest.manifest);
  assert.deepEqual(Object.keys(left), ['paused', 'odd status', 'unset', 'pagerduty', 'connectivity']);
  assert.match(left['odd status'] ?? '', /^gatus\/config\.yaml:\d+ .*expected a number from 100 to 599/);
  assert.match(left['unset'] ?? '', /NOBODY_SET_THIS is not set/);

  const part = text('evenkeel.d/imported-gatus.yaml');
  assert.match(part, /slack: \$\{SLACK_URL\}/);
  assert.match(part, /Authorization: Bearer \$\{SHOP_TOKEN\}/);
  for (const secret of ['hunter2', 'potato-potato', ...Object.values(variables)]) assert.ok(!part.includes(secret));
  assert.deepEqual(text('.env').match(/^\w+(?==)/gm), ['GATUS_THE_SHOP_OLD_PASSWORD', 'GATUS_NIGHTLY_TOKEN']);
});

function assertMonitors({ monitors = {} }: Manifest): void {
  assert.deepEqual(Object.keys(monitors), [
    'website',
    'the-shop-old',
    'certificate',
    'cache',
    'game',
    'ldaps',
    'mail',
    'router',
    'resolver',
    'live',
    'users',
    'shell',
    'asks',
    'nightly',
    'items',
  ]);
  assert.deepEqual(monitors['website']?.confirm, { down: 5, up: 4 });
}

function assertRest({ channels = {}, maintenance = {}, status }: Manifest): void {
  assert.deepEqual(Object.keys(channels), ['slack', 'ops-shop-example', 'dev-shop-example']);
  assert.equal(maintenance['everything']?.cron, '0 23 * * MON,THU');
  assert.deepEqual(maintenance['the-shop-old']?.monitors, ['the-shop-old']);
  // What the manifest will not have is not on its page either.
  assert.deepEqual(status?.groups?.['core'], ['website', 'nightly']);
}

test('endpoints are told apart as Gatus does it, by group and name, and none is lost without a word', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-import-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const endpoint = (group: string, name: string, status: number) => ({
    group,
    name,
    url: 'https://shop.example/',
    conditions: [`[STATUS] == ${status}`],
  });
  const endpoints = [endpoint('a b', 'c', 200), endpoint('a', 'b c', 201), endpoint('a', 'b c', 202)];
  writeFileSync(path.join(folder, 'evenkeel.yaml'), 'app: shop\n');
  writeFileSync(path.join(folder, 'config.yaml'), JSON.stringify({ endpoints }));
  const { importFrom } = createOffline({ folder, variables: {}, files: diskFiles });

  const { items } = await importFrom({ source: 'gatus', where: 'config.yaml', overwrites: false, isDryRun: false });

  assert.deepEqual(
    items.filter(({ what }) => what === 'endpoint').map(({ outcome, place }) => [outcome, place]),
    [
      ['created', 'monitors.c'],
      ['created', 'monitors.b-c'],
      ['cannot', null],
    ],
  );
});
