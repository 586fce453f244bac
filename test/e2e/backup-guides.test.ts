import assert from 'node:assert/strict';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import { blocksOf, commandsIn, readDocument } from '../support/documents.ts';
import { eventually } from '../support/eventually.ts';
import { type Newcomer, newcomer } from '../support/newcomer.ts';
import { freshDatabase, startPostgres } from '../support/servers/postgres.ts';

const PASSWORD = 'hunter2-of-the-database';
const PROVEN_WITHIN_MS = 60_000;

// Both guides, done as they say; only addresses and folders are those of this machine.

test('a database is backed up, proven and brought back by doing what the guides say [DRR-01/D] [DRR-06/D]', async (t) => {
  const server = await startPostgres(t, { password: PASSWORD });
  const [live, afterwards] = [await freshDatabase(server), await freshDatabase(server)];
  await query(live, 'create table users (name text); create table orders (id int primary key, note text)');
  await query(live, `insert into orders select n, 'tea ' || n from generate_series(1, 5000) as n`);
  const person = await newcomer(t, {
    DATABASE_URL: live,
    EVENKEEL_AGE_IDENTITY_FILE: 'keys/platform.agekey',
    EVENKEEL_SIGNING_KEY_FILE: 'keys/signing.pem',
    PGPASSWORD: PASSWORD,
  });
  const vault = path.join(person.folder, 'vault');

  const guide = readDocument('docs/guides/backups.md');
  const [create = '', ...later] = commandsIn(guide);
  const keys = await person.run(create);
  const [described = ''] = blocksOf(guide, 'yaml');
  const written = described.replace('/var/backups/shop', './vault').replace(/^keys:\n(?: .*\n)+/m, keys);
  writeFileSync(path.join(person.folder, 'evenkeel.yaml'), `app: shop\n${written}`);
  await person.run('evenkeel check');
  const stop = await person.serve();
  await eventually(async () => assert.match(await person.run('evenkeel backup list'), /proven/), PROVEN_WITHIN_MS);
  for (const command of later) await person.run(command);
  assert.equal(await rowsIn(addressOf(live, 'shop_yesterday')), 5000);
  assert.match(await person.run('evenkeel status'), /db\s+/);

  // The server is gone; what is left is the vault, the offline key, and an empty database elsewhere.
  await stop();
  await query(live, 'drop table orders');
  const recovery = commandsIn(readDocument('docs/guides/disaster-recovery.md'));
  const withoutServer = recovery.filter((command) => command.includes('--vault'));
  assert.ok(withoutServer.length >= 3);
  for (const command of withoutServer) {
    const here = command
      .replace('/mnt/vault', vault)
      .replace('offline.agekey', 'keys/offline.agekey')
      .replace('postgres://shop@db.example/shop', afterwards.replace(`:${PASSWORD}@`, '@'));
    await person.run(here);
  }
  assert.equal(await rowsIn(afterwards), 5000);
  assertNothingLeaked(person, vault);
});

/** The password of the database is in none of the files that a backup leaves in the clear. */
function assertNothingLeaked({ folder }: Newcomer, vault: string): void {
  const texts = ['manifest.json', 'RESTORE.md'].map((name) => {
    const [file = ''] = globSync(`**/${name}`, { cwd: vault });
    return readFileSync(path.join(vault, file), 'utf8');
  });
  for (const text of [...texts, readFileSync(path.join(folder, 'evenkeel.yaml'), 'utf8')]) {
    assert.doesNotMatch(text, new RegExp(PASSWORD));
  }
}

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function rowsIn(url: string): Promise<number> {
  const [row] = await query(url, 'select count(*)::int as count from orders');
  return Number(row?.['count']);
}

function addressOf(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}
