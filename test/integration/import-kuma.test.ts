import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { KumaRow } from '../support/kuma-database.ts';
import { CHANNELS, counts, MONITORS, movedFrom, SOCKET } from '../support/kuma-home.ts';

test('200 monitors of 25 kinds are carried over, and the manifest has no mistake', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS, docker_host: [SOCKET] });

  const report = await home.import();

  assert.deepEqual(counts(report), { created: 200 });
  const checked = await home.offline.checkManifest(undefined);
  assert.deepEqual([checked.problems, checked.monitors], [[], 200]);
});

test('what is carried over means what it meant there', async (t) => {
  const home = movedFrom(t, {
    monitor: [
      {
        id: 7,
        name: 'Größe & Co.',
        type: 'http',
        url: 'https://shop.example/?token=hush1',
        interval: 20,
        timeout: 5,
        maxretries: 2,
        accepted_statuscodes_json: '["200-299","301"]',
        basic_auth_user: 'ada',
        basic_auth_pass: 'hush2',
        headers: '{"X-Api-Key":"hush3","Accept":"text/plain"}',
        method: 'POST',
        body: '{"password":"hush4"}',
        ignore_tls: 1,
        proxy_id: 3,
      },
      { id: 8, name: 'Mail', type: 'port', hostname: '2001:db8::25', port: 25, upside_down: 1 },
      { id: 9, name: 'Fronts', type: 'group' },
      {
        id: 10,
        name: 'Nightly',
        type: 'push',
        push_token: 'a'.repeat(32),
        interval: 86400,
        maxretries: 2,
        retry_interval: 60,
        parent: 9,
      },
    ],
    proxy: [
      { id: 3, protocol: 'socks5h', host: 'proxy.example', port: 1080, auth: 1, username: 'ada', password: 'hush5' },
    ],
  });

  const report = await home.import();

  assert.deepEqual(counts(report), { created: 4 });
  const monitors = home.section('monitors');
  assert.deepEqual(monitors['grosse-co'], {
    description: 'Größe & Co.',
    http: 'https://shop.example/?token=${KUMA_GROSSE_CO_TOKEN}',
    method: 'POST',
    headers: { 'X-Api-Key': '${KUMA_GROSSE_CO_X_API_KEY}', Accept: 'text/plain', 'Content-Type': 'application/json' },
    body: '${KUMA_GROSSE_CO_BODY}',
    auth: { basic: { user: 'ada', password: '${KUMA_GROSSE_CO_PASSWORD}' } },
    proxy: 'socks5://ada:${KUMA_GROSSE_CO_PROXY_PASSWORD}@proxy.example:1080',
    verify_tls: false,
    expect: ['[STATUS] == any(pat(2*), 301)'],
    every: '20s',
    timeout: '5s',
    confirm: 3,
  });
  assert.deepEqual(monitors['mail'], {
    description: 'Mail',
    tcp: '[2001:db8::25]:25',
    expect: ['[CONNECTED] == false'],
    every: '20s',
    timeout: '16s',
    confirm: 1,
  });
  assert.deepEqual(monitors['fronts'], { description: 'Fronts', group: ['nightly'], every: '20s' });
  assert.deepEqual(monitors['nightly'], {
    description: 'Nightly',
    heartbeat: '86400s',
    grace: '120s',
    key: '${KUMA_NIGHTLY_PUSH_TOKEN}',
  });
});

const LEFT: readonly KumaRow[] = [
  { id: 1, name: 'SQL', type: 'sqlserver' },
  { id: 2, name: 'Access', type: 'radius' },
  { id: 3, name: 'Tail', type: 'tailscale-ping', hostname: 'a' },
  { id: 4, name: 'Away', type: 'globalping' },
  { id: 5, name: 'Page', type: 'http', url: 'https://a.example', upside_down: 1 },
  { id: 6, name: 'Deep', type: 'json-query', url: 'https://a.example', json_path: '$sum(a.b)', expected_value: '3' },
  { id: 7, name: 'Domain', type: 'http', url: 'https://a.example', auth_method: 'ntlm' },
  { id: 8, name: 'Orders', type: 'grpc-keyword', grpc_service_name: 'shop.Orders', grpc_method: 'List' },
  { id: 9, name: 'Odd', type: 'quantum' },
  { id: 10, name: 'Empty', type: 'group' },
  { id: 11, name: 'Bad host', type: 'port', hostname: 'no host', port: 25 },
];

test('what cannot be carried over is named with its row and the reason', async (t) => {
  const home = movedFrom(t, { monitor: [...LEFT, { id: 12, name: 'Paused', type: 'ping', hostname: 'a', active: 0 }] });

  const { items } = await home.import();

  assert.deepEqual(
    items.map(({ title, from, outcome }) => [title, from, outcome]),
    [
      ...LEFT.map(({ id, name }) => [name, `table monitor, row ${id}`, 'cannot']),
      ['Paused', 'table monitor, row 12', 'skipped'],
    ],
  );
  const reasons = items.map(({ reason }) => reason ?? '');
  for (const reason of reasons) assert.match(reason, /^[A-Z].*\.$/s);
  assert.match(reasons[0] ?? '', /SQL Server/);
  assert.match(reasons[4] ?? '', /upside down/);
  assert.match(reasons[8] ?? '', /"quantum"/);
  assert.match(reasons[10] ?? '', /The manifest does not take it: .*host:port/);
});

test('channels, maintenance and the status page come along, in the words of the manifest', async (t) => {
  const monitor = [
    { id: 1, name: 'Shop', type: 'http', url: 'https://shop.example/', expiry_notification: 0 },
    { id: 2, name: 'Shop', type: 'ping', hostname: 'shop.example' },
    { id: 3, name: 'SQL', type: 'sqlserver' },
  ];
  const home = movedFrom(t, {
    monitor,
    notification: CHANNELS,
    maintenance: [
      {
        id: 1,
        title: 'Move',
        strategy: 'single',
        start_date: '2099-05-01 22:00:00',
        end_date: '2099-05-02 01:00:00',
        timezone: 'Europe/Berlin',
      },
      {
        id: 2,
        title: 'Patches',
        strategy: 'recurring-weekday',
        weekdays: '[2,7]',
        start_time: '23:30',
        end_time: '00:15',
      },
      { id: 3, title: 'Backup', strategy: 'cron', cron: '0 3 * * *', duration: 1800 },
      { id: 4, title: 'By hand', strategy: 'manual' },
      { id: 5, title: 'Past', strategy: 'single', start_date: '2020-05-01 22:00:00', end_date: '2020-05-02 01:00:00' },
      {
        id: 6,
        title: 'Months',
        strategy: 'recurring-day-of-month',
        days_of_month: '[1,"lastDay1"]',
        start_time: '02:00',
        end_time: '04:00',
        start_date: '2026-01-01 00:00:00',
      },
      { id: 7, title: 'Nobody', strategy: 'cron', cron: '0 3 * * *', duration: 60 },
    ],
    monitor_maintenance: [1, 2, 3, 4, 5, 6].map((id) => ({ monitor_id: 1, maintenance_id: id })),
    status_page: [
      { id: 1, slug: 'draft', title: 'Draft', published: 0 },
      { id: 2, slug: 'shop', title: 'Shop status', theme: 'dark', custom_css: 'body {}' },
      { id: 3, slug: 'other', title: 'Other' },
    ],
    group: [{ id: 1, name: 'Shop', status_page_id: 2 }],
    monitor_group: [1, 2, 3].map((id) => ({ monitor_id: id, group_id: 1 })),
    setting: [{ key: 'serverTimezone', value: '"Europe/Vienna"' }],
  });

  const report = await home.import();

  assert.deepEqual((await home.offline.checkManifest(undefined)).problems, []);

  assert.deepEqual(home.section('channels'), {
    team: { slack: '${KUMA_TEAM_URL}' },
    boss: { email: 'boss@shop.example' },
  });
  assert.deepEqual(home.section('maintenance'), {
    move: {
      title: 'Move',
      monitors: ['shop'],
      from: '2099-05-01T22:00',
      until: '2099-05-02T01:00',
      zone: 'Europe/Berlin',
    },
    patches: { title: 'Patches', monitors: ['shop'], cron: '30 23 * * 2,0', for: '45m', zone: 'Europe/Vienna' },
    backup: { title: 'Backup', monitors: ['shop'], cron: '0 3 * * *', for: '30m', zone: 'Europe/Vienna' },
    months: {
      title: 'Months',
      monitors: ['shop'],
      from: '2026-01-01T02:00',
      rrule: 'FREQ=MONTHLY;BYMONTHDAY=1,-1',
      for: '2h',
      zone: 'Europe/Vienna',
    },
  });
  assert.deepEqual(home.section('status'), {
    title: 'Shop status',
    groups: { Shop: ['shop', 'shop-2'] },
    names: { shop: 'Shop', 'shop-2': 'Shop' },
  });
  const left = report.items.filter(({ outcome }) => outcome === 'cannot' || outcome === 'skipped');
  assert.deepEqual(
    left.map(({ title, from }) => `${title}, ${from}`),
    [
      'SQL, table monitor, row 3',
      'Chat, table notification, row 2',
      'By hand, table maintenance, row 4',
      'Past, table maintenance, row 5',
      'Nobody, table maintenance, row 7',
      'Draft, table status_page, row 1',
      'Other, table status_page, row 3',
    ],
  );
  const page = report.items.find(({ place }) => place === 'status.title');
  assert.match(page?.notes.join(' ') ?? '', /its theme, its own style sheet/);
  const groups = report.items.find(({ place }) => place === 'status.groups');
  assert.match(groups?.notes.join(' ') ?? '', /SQL/);
});

test('a database that Kuma is writing into is read as it is now, and left as it was', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS.slice(0, 2) }, { isRunning: true });
  const bytes = readFileSync(home.database);

  assert.deepEqual(counts(await home.import()), { created: 2 });
  assert.deepEqual(readFileSync(home.database), bytes);
});

test('a backup of version 1 is read too', async (t) => {
  const home = movedFrom(t, {});
  const monitor = { id: 4, name: 'Shop', type: 'keyword', url: 'https://shop.example', keyword: 'Cart', interval: 60 };
  const list = [
    { ...monitor, active: true, maxretries: 1, retryInterval: 30, accepted_statuscodes: ['200-299'], ignoreTls: true },
  ];
  const notificationList = [{ id: 1, name: 'Team', active: true, config: CHANNELS[0]?.['config'] }];
  writeFileSync(path.join(home.folder, 'backup.json'), JSON.stringify({ monitorList: list, notificationList }));

  const report = await home.import({ where: 'backup.json' });

  assert.deepEqual(
    report.items.map(({ from, outcome }) => [from, outcome]),
    [
      ['monitorList, id 4', 'created'],
      ['notificationList, id 1', 'created'],
    ],
  );
  const monitors = home.section('monitors');
  assert.deepEqual(monitors['shop'], {
    description: 'Shop',
    keyword: 'https://shop.example',
    contains: 'Cart',
    verify_tls: false,
    every: '1m',
    timeout: '48s',
    confirm: 2,
  });
});

for (const [what, text] of [
  ['no file', undefined],
  ['a text', 'hello'],
  ['other JSON', '{"a":1}'],
] as const) {
  test(`${what} is refused as what it is`, async (t) => {
    const home = movedFrom(t, {});
    if (text !== undefined) writeFileSync(path.join(home.folder, 'other'), text);

    await assert.rejects(home.import({ where: 'other' }), { code: 'IMPORT_UNREADABLE' });
  });
}

test('one that the manifest does not take is missing from its group as well, and keeps nobody else out', async (t) => {
  const home = movedFrom(t, {
    monitor: [
      { id: 1, name: 'Fronts', type: 'group' },
      { id: 2, name: 'Good', type: 'ping', hostname: 'a.example', parent: 1 },
      { id: 3, name: 'Bad', type: 'redis', database_connection_string: 'redis://:hush@no host/', parent: 1 },
    ],
  });

  const report = await home.import();

  assert.deepEqual(counts(report), { created: 2, cannot: 1 });
  assert.deepEqual(home.section('monitors')['fronts'], { description: 'Fronts', group: ['good'], every: '20s' });
  // Nor does its secret go anywhere.
  assert.doesNotMatch(JSON.stringify([report, home.files()]), /hush/);
  assert.deepEqual([report.variables, home.files()['.env']], [[], undefined]);
});
