import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { createOffline } from '../../src/app/offline.ts';
import type { ImportedItem, ImportReport } from '../../src/faces/cli/offline-import.ts';
import { diskFiles } from '../../src/platform/files.ts';
import { KUMA_KINDS, type KumaRow, type KumaRows, writeKumaDatabase } from '../support/kuma-database.ts';

const PART = 'evenkeel.d/imported-kuma.yaml';
const HUSH = /hush/;

/** 200 monitors, of every kind in turn. */
const MONITORS = Array.from({ length: 200 }, (_, index): KumaRow => {
  const kinds = Object.entries(KUMA_KINDS);
  const [type = '', columns] = kinds[index % kinds.length] ?? [];
  const number = Math.floor(index / kinds.length);
  return { id: index + 1, name: `${type} ${number}`, type, interval: 60, ...columns?.(number) };
});

test('200 monitors of 21 kinds are carried over, and the manifest has no mistake', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS, docker_host: [SOCKET] });

  const report = await home.import();

  assert.deepEqual(counts(report), { created: 200 });
  const checked = await home.offline.checkManifest(undefined);
  assert.deepEqual([checked.problems, checked.monitors], [[], 200]);
});

test('a second import finds everything there and changes nothing', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS, docker_host: [SOCKET], notification: CHANNELS });
  await home.import();
  const before = home.files();

  const report = await home.import();

  assert.deepEqual(counts(report), { there: 202, cannot: 1 });
  assert.deepEqual(home.files(), before);
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
  const { monitors } = await home.loaded();
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

const SOCKET = { id: 1, docker_daemon: '/var/run/docker.sock', docker_type: 'socket', name: 'here' };
const CHANNELS: readonly KumaRow[] = [
  {
    id: 1,
    name: 'Team',
    config: JSON.stringify({ type: 'slack', slackwebhookURL: 'https://hooks.slack.com/services/hush' }),
  },
  {
    id: 2,
    name: 'Chat',
    config: JSON.stringify({ type: 'discord', discordWebhookUrl: 'https://discord.com/api/hush' }),
  },
  {
    id: 3,
    name: 'Boss',
    config: JSON.stringify({ type: 'smtp', smtpTo: 'Boss <boss@shop.example>', smtpPassword: 'hush' }),
  },
];

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
  const { channels, maintenance, status } = await home.loaded();
  assert.deepEqual(channels, { team: { slack: '${KUMA_TEAM_URL}' }, boss: { email: 'boss@shop.example' } });
  assert.deepEqual(maintenance, {
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
  assert.deepEqual(status, {
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

test('names that are taken stay whose they are', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS.slice(0, 2) });
  appendFileSync(path.join(home.folder, 'evenkeel.yaml'), 'monitors:\n  http-0: { tcp: "mine.example:80" }\n');

  const report = await home.import();

  assert.deepEqual(places(report.items), ['monitors.http-0-1', 'monitors.keyword-0']);
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
  const { monitors } = await home.loaded();
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

test('without a manifest there is nothing to add to', async (t) => {
  const home = movedFrom(t, { monitor: MONITORS.slice(0, 1) });
  rmSync(path.join(home.folder, 'evenkeel.yaml'));

  await assert.rejects(home.import(), { code: 'IMPORT_NO_MANIFEST' });
});

function counts({ items }: ImportReport): Readonly<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const { outcome } of items) all[outcome] = (all[outcome] ?? 0) + 1;
  return all;
}

function places(items: readonly ImportedItem[]): readonly (string | null)[] {
  return items.map(({ place }) => place);
}

interface Wishes {
  readonly where?: string;
  readonly overwrites?: boolean;
  readonly isDryRun?: boolean;
}

/** A folder with a manifest in it, and a Kuma beside. */
function movedFrom(t: TestContext, rows: KumaRows, { isRunning = false } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-import-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'evenkeel.yaml'), 'app: shop\n');
  const database = path.join(folder, 'kuma.db');
  const source = (all: KumaRows) => {
    rmSync(database, { force: true });
    const db = writeKumaDatabase(database, all);
    if (isRunning) t.after(() => db.close());
    else db.close();
  };
  source(rows);
  const offline = createOffline({ folder, variables: {}, files: diskFiles });
  const read = (file: string) => {
    try {
      return readFileSync(path.join(folder, file), 'utf8');
    } catch {
      return undefined;
    }
  };
  return {
    folder,
    database,
    offline,
    source,
    import: ({ where = 'kuma.db', overwrites = false, isDryRun = false }: Wishes = {}) =>
      offline.importFrom({ source: 'kuma', where, overwrites, isDryRun }),
    edit: (change: (text: string) => string) => writeFileSync(path.join(folder, PART), change(read(PART) ?? '')),
    files: () => Object.fromEntries(['.env', PART, PART.replace('.yaml', '.json')].map((file) => [file, read(file)])),
    /** The file as data, references and all. */
    async loaded(): Promise<Record<string, Record<string, unknown>>> {
      const { parse } = await import('yaml');
      return parse(read(PART) ?? '');
    },
  };
}
