import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { Client } from 'pg';
import { generateIdentity } from '../../src/backups/format/age/keys.ts';
import { generateSigningKey, readSigningKey } from '../../src/backups/format/signing.ts';
import { createOfflineBackups, openDirectoryVault } from '../../src/backups/index.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { createExec } from '../../src/platform/exec/exec.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { announcedBackups, testKeys } from '../support/backup-area.ts';
import { drillArea } from '../support/drill-area.ts';
import { eventually } from '../support/eventually.ts';
import { rootTest } from '../support/root.ts';
import { freshDatabase, startPostgres } from '../support/servers/postgres.ts';

rootTest('a disk that is full: a clear word, and no backup that looks finished', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]);
  t.after(() => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  });
  const area = await drillArea(t, { source: sqliteSource(shopFile(t, 60_000)), folder });

  await area.begin();

  const [source] = await area.backups.facts.sources();
  assert.deepEqual([source?.level, source?.lastFailure?.code], ['none', 'VAULT_FULL']);
  assert.deepEqual([await area.vault.list(''), await area.vault.sweep(Number.MAX_SAFE_INTEGER)], [[], 0]);
});

test('a pg_dump that dies half-way: a clear word, and no backup that looks finished', async (t) => {
  const server = await startPostgres(t);
  const url = await freshDatabase(server);
  await ask(
    url,
    `create table orders as select i as id, repeat(md5(i::text), 20) as body from generate_series(1, 150000) i`,
  );
  const area = await drillArea(t, { source: { url: new Secret(url, '${DATABASE_URL}') } });

  const working = area.begin();
  await eventually(async () => {
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
      where query like 'COPY public.orders%' and state = 'active'`;
    assert.ok((await ask(url, cut)) !== undefined);
  });
  await working;

  const [source] = await area.backups.facts.sources();
  assert.deepEqual([source?.level, source?.lastFailure?.code], ['none', 'BACKUP_DUMP_FAILED']);
  assert.deepEqual(await area.vault.list(''), []);
  assert.deepEqual(
    (await announcedBackups(area.db)).map(([name]) => name),
    ['backup.failed'],
  );

  const again = await area.done({ kind: 'backup', service: 'db' });
  assert.equal(again.state, 'done', 'a clean run converges');
});

/** What somebody who can write to the vault, or a bad disk, may do to a backup; with the only answer there is. */
const HARM: readonly [what: string, code: string, harm: (backup: string, other: string) => void | Promise<void>][] = [
  ['is cut off', 'BACKUP_DAMAGED', (backup) => rewrite(dumpOf(backup), (bytes) => bytes.subarray(0, -1000))],
  ['has a byte that flipped', 'BACKUP_DAMAGED', (backup) => rewrite(dumpOf(backup), flipped)],
  ['has something behind its end', 'BACKUP_DAMAGED', (backup) => rewrite(dumpOf(backup), (b) => Buffer.concat([b, b]))],
  ['is empty', 'BACKUP_DAMAGED', (backup) => rewrite(dumpOf(backup), () => Buffer.alloc(0))],
  ['is gone', 'VAULT_ENTRY_MISSING', (backup) => rmSync(dumpOf(backup))],
  [
    'is one of another service, with its genuine manifest',
    'BACKUP_MISPLACED',
    (backup, other) => cpSync(other, backup, { recursive: true }),
  ],
  [
    'is another one, under the old manifest',
    'BACKUP_DAMAGED',
    (backup, other) => cpSync(dumpOf(other), dumpOf(backup)),
  ],
  ['has a manifest that was changed', 'BACKUP_SIGNATURE_INVALID', (backup) => rewrite(manifestOf(backup), renamed)],
  ['has a manifest that a stranger signed', 'BACKUP_SIGNER_UNKNOWN', signedByStranger],
  [
    'has a manifest that is no JSON',
    'BACKUP_MANIFEST_INVALID',
    (backup) => rewrite(manifestOf(backup), (b) => b.subarray(9)),
  ],
  ['has no signature', 'VAULT_ENTRY_MISSING', (backup) => rmSync(`${manifestOf(backup)}.sig`)],
];

for (const [what, code, harm] of HARM) {
  test(`a backup that ${what} is refused, and nothing of it is restored`, async (t) => {
    const { offline, folder, backupOf, target } = await twoServices(t);
    await harm(path.join(folder, await backupOf('db')), path.join(folder, await backupOf('other')));

    const id = /bak_\w+/.exec(await backupOf('db'))?.[0] ?? '';
    const to = { kind: 'at', url: new Secret(target, target) } as const;
    await assert.rejects(offline.restore({ by: 'id', id }, to, optionsWith(testKeys.platform)), { code });

    assert.equal(existsSync(target), false);
    await assert.rejects(offline.verify({ by: 'id', id }, { ...optionsWith(testKeys.platform), isProof: false }), {
      code,
    });
    const { backups } = await offline.list('other');
    assert.equal(backups[0]?.isSignatureTrusted, true, 'the backup beside it is none the worse');
  });
}

test('a key that is none of its recipients opens nothing, and none at all says what is missing', async (t) => {
  const { offline, target } = await twoServices(t);
  const choice = { by: 'service', service: 'db' } as const;
  const to = { kind: 'at', url: new Secret(target, target) } as const;
  const stranger = await generateIdentity();

  await assert.rejects(offline.restore(choice, to, optionsWith(stranger.identity)), { code: 'BACKUP_WRONG_KEY' });
  await assert.rejects(offline.restore(choice, to, optionsWith()), { code: 'BACKUP_IDENTITY_MISSING' });
  assert.equal(existsSync(target), false);
  assert.equal((await offline.verify(choice, { ...optionsWith(), isProof: false })).level, 'stored');
  const done = await offline.restore(choice, to, optionsWith(testKeys.offline));
  assert.deepEqual(done.findings, ['1 table, 2,000 rows, all as they were.']);
});

test('a password appears nowhere: not in the vault, the log, the database or an error', async (t) => {
  const password = 'pl4nted-s3cret';
  const server = await startPostgres(t, { password });
  const url = new URL(await freshDatabase(server));
  await ask(url.href, 'create table orders (id int)');
  const lines: string[] = [];
  const note = (message: string, data?: unknown) => void lines.push(`${message} ${inspected(data)}`);
  const log = { debug: note, info: note, warn: note, error: note, with: () => log };
  const area = await drillArea(t, { source: { url: new Secret(url.href, '${DATABASE_URL}') }, log });

  await area.begin();
  const [backup] = await area.backups.list({ limit: 1 });
  const texts = [await area.done({ kind: 'restore', backup: backup?.id ?? '', name: 'shop_yesterday' })];
  const wrong = new URL(url);
  wrong.password = `${password}-wrong`;
  const nobody = new URL(url);
  nobody.port = '1';
  const nothing = new URL(url);
  nothing.pathname = '/nothing';
  for (const bad of [wrong, nobody, nothing]) {
    await area.back({ url: new Secret(bad.href, '${DATABASE_URL}') });
    texts.push(await area.done({ kind: 'backup', service: 'db' }));
  }

  assert.deepEqual(
    texts.map(({ state }) => state),
    ['done', 'failed', 'failed', 'failed'],
  );
  const files = (await area.vault.list('')).map(({ path: file }) => readFileSync(path.join(area.folder, file)));
  const tables = ['backup', 'backup_run', 'backup_source', 'outbox'] as const;
  const rows = await Promise.all(
    tables.map((table) => area.db.of<Record<string, object>>().selectFrom(table).selectAll().execute()),
  );
  const everything = [
    ...lines,
    JSON.stringify(texts),
    JSON.stringify(rows),
    ...files.map((file) => file.toString('latin1')),
  ];
  for (const secret of [password, testKeys.platform.reveal(), testKeys.offline.reveal()]) {
    assert.deepEqual(
      everything.filter((text) => text.includes(secret)),
      [],
    );
  }
  assert.ok(files.length >= 5 && lines.length > 3, 'there was something to look at');
});

async function twoServices(t: TestContext) {
  const folder = path.join(temporaryFolder(t), 'vault');
  for (const service of ['db', 'other']) {
    const area = await drillArea(t, { source: { ...sqliteSource(shopFile(t, 2_000)), service }, folder });
    await area.begin();
    const [source] = await area.backups.facts.sources();
    assert.equal(source?.level, 'restored', source?.lastFailure?.reason ?? 'no failure');
  }
  const ids = createSystemIds(systemClock);
  const vault = openDirectoryVault(folder, { ids });
  const signers = [testKeys.signer];
  return {
    folder,
    offline: createOfflineBackups({ vault, signers, ids, clock: systemClock, exec: createExec() }),
    target: path.join(temporaryFolder(t), 'restored.db'),
    async backupOf(service: string) {
      const entries = await vault.list(`shop/live/${service}`);
      return path.dirname(entries[0]?.path ?? '');
    },
  };
}

function optionsWith(...identities: readonly Secret[]) {
  return { identities, signal: new AbortController().signal, onProgress: () => undefined };
}

function sqliteSource(file: string) {
  return { engine: 'sqlite', url: new Secret(`sqlite:${file}`, 'its url') };
}

/** Random bytes do not become fewer by packing. */
function shopFile(t: TestContext, rows: number): string {
  const file = path.join(temporaryFolder(t), 'shop.db');
  using db = new DatabaseSync(file);
  db.exec('create table orders (id integer primary key, body blob)');
  db.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < ${rows})
    insert into orders select i, randomblob(100) from n`);
  return file;
}

function dumpOf(backup: string): string {
  return path.join(backup, 'dump.zst.age');
}

function manifestOf(backup: string): string {
  return path.join(backup, 'manifest.json');
}

function rewrite(file: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(file, change(readFileSync(file)));
}

function flipped(bytes: Buffer): Buffer {
  const at = Math.floor(bytes.length / 2);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from([(bytes[at] ?? 0) ^ 1]), bytes.subarray(at + 1)]);
}

function renamed(manifest: Buffer): Buffer {
  return Buffer.from(manifest.toString().replace('"holds": [', '"holds": ["nothing", '));
}

/** Everything fits together, only that nobody believes who made it. */
function signedByStranger(backup: string): void {
  const { pem, signer } = generateSigningKey();
  rewrite(manifestOf(backup), (bytes) => Buffer.from(bytes.toString().replace(testKeys.signer, signer)));
  writeFileSync(`${manifestOf(backup)}.sig`, readSigningKey(pem).sign(readFileSync(manifestOf(backup))));
}

function inspected(data: unknown): string {
  return (
    JSON.stringify(data, (_key, value) =>
      value instanceof Error ? `${value.stack} ${inspected(value.cause)}` : value,
    ) ?? ''
  );
}

async function ask(url: string, query: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(query)).rows[0];
  } finally {
    await client.end();
  }
}

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-fault-'));
  chmodSync(folder, 0o755);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(folder, { recursive: true });
  return folder;
}
