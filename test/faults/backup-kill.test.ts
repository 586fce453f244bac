import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { sweepService } from '../../src/backups/format/backup-folder.ts';
import { createOfflineBackups, openDirectoryVault } from '../../src/backups/index.ts';
import { Secret } from '../../src/kernel/secret.ts';
import { createExec } from '../../src/platform/exec/exec.ts';
import { systemClock } from '../../src/platform/system-clock.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { seededRandom, sweepSize } from '../support/sweep.ts';
import { makeVictimKeys } from './backup-victim-plan.ts';

const KILLS = sweepSize({ sample: 6, whole: 60 });
const LIVES_MS_MAX = 3_000;
const FOREVER = Number.MAX_SAFE_INTEGER;

test(`${KILLS} times kill -9 in the middle of backups: all that look finished can be read to their end, none that was told of is missing, and the next life goes on`, async (t) => {
  const random = seededRandom(t);
  const folder = prepare(t);
  const { identity, signer } = await makeVictimKeys(folder);
  const told: string[] = [];

  for (let life = 0; life < KILLS; life += 1) told.push(...(await liveAndDie(folder, random() * LIVES_MS_MAX)));
  // The last life is long enough to show that it all still works.
  const last = await liveAndDie(folder, 60_000, 1);

  const ids = createSystemIds(systemClock);
  const vault = openDirectoryVault(path.join(folder, 'vault'), { ids });
  const offline = createOfflineBackups({ vault, signers: [signer], ids, clock: systemClock, exec: createExec() });
  const { backups } = await offline.list();
  const options = {
    identities: [new Secret(identity, 'key')],
    signal: new AbortController().signal,
    onProgress: () => undefined,
    isProof: false,
  };
  for (const { id } of backups) {
    assert.equal((await offline.verify({ by: 'id', id }, options)).level, 'readable');
  }
  const stored = backups.map(({ id }) => id);
  assert.deepEqual(
    [...told, ...last].filter((id) => !stored.includes(id)),
    [],
    'told to be taken, but not there',
  );
  assert.deepEqual(
    catalogued(folder).filter((id) => !stored.includes(id)),
    [],
    'listed, but not there',
  );
  assert.equal(last.length, 1);
  t.diagnostic(`${told.length} told of in ${KILLS} lives, ${stored.length} complete`);

  await vault.sweep(FOREVER);
  await sweepService(vault, { app: 'shop', environment: 'live', service: 'db' }, FOREVER);
  assert.equal((await vault.list('')).length, 5 * stored.length, 'what the dead left behind can be swept away');
});

/** Starts a victim and kills it after a while, or once it has told of so many backups; returns those it told of. */
async function liveAndDie(folder: string, ms: number, enough = FOREVER): Promise<readonly string[]> {
  const script = path.join(import.meta.dirname, 'backup-victim.ts');
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  const read = once(reader, 'close');
  const ready = Promise.withResolvers<void>();
  const done = new AbortController();
  reader.on('line', (line) => {
    if (line === 'ready') ready.resolve();
    else if (lines.push(line) >= enough) done.abort();
  });

  await Promise.race([ready.promise, exited.then(() => assert.fail('The victim died before it began.'))]);
  await delay(ms, undefined, { signal: done.signal }).catch(() => undefined);
  child.kill('SIGKILL');
  await Promise.all([exited, read]);
  return lines;
}

function prepare(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-kill-'));
  // Dumps are read by a user without rights.
  chmodSync(folder, 0o755);
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  mkdirSync(path.join(folder, 'scratch'));
  using db = new DatabaseSync(path.join(folder, 'shop.db'));
  db.exec('pragma journal_mode = wal; create table orders (id integer primary key, body text)');
  db.exec(`with recursive n(i) as (select 1 union all select i + 1 from n where i < 40000)
    insert into orders select i, hex(randomblob(80)) from n`);
  return folder;
}

function catalogued(folder: string): readonly string[] {
  using db = new DatabaseSync(path.join(folder, 'evenkeel.db'));
  return db
    .prepare('select id from backup')
    .all()
    .map(({ id }) => String(id));
}
