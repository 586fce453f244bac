import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { announcedBackups, aPlan, aSource, type BackupArea, backupArea } from '../support/backup-area.ts';
import { memoryDatabase } from '../support/databases.ts';
import type { MemoryVault } from '../support/memory-vault.ts';
import { sweepSize } from '../support/sweep.ts';

const VAULTS = ['local', 'attic'];
const PLAN = aPlan({ sources: [aSource({ vaults: VAULTS })] });
const EVERY = sweepSize({ sample: 5, whole: 1 });

/** What a first backup and its proof ask of the vaults, in order. */
const operations = await operationsOfOneBackup();

for (const [index, operation] of operations.entries()) {
  if (index % EVERY !== 0) continue;
  test(`a vault that fails at call ${index}, ${operation}: it is told of, nothing looks finished, and the next run converges`, async (t) => {
    const db = await memoryDatabase(t);
    const area = backupArea({ db });
    let calls = 0;
    for (const name of VAULTS) {
      area.vault(name).before = () => {
        calls += 1;
        if (calls === index + 1) throw Object.assign(new Error('The network went away.'), { code: 'ECONNRESET' });
      };
    }

    await area.begin(PLAN);
    assertConsistent(area, await area.backups.list({ limit: 10 }));
    const events = await announcedBackups(db);
    const [source] = await area.backups.facts.sources();
    const isTold = events.some(([name]) => name === 'backup.failed') || source?.level === 'restored';
    assert.ok(isTold, 'it is neither done nor told of');

    await area.minutes(60, 30);

    const [later] = await area.backups.facts.sources();
    const all = await area.backups.list({ limit: 10 });
    assert.equal(later?.lastFailure, null);
    assert.ok(all.some(({ level }) => level === 'restored'));
    assertConsistent(area, all);
  });
}

for (const kilobytes of [0, 10, 60, 100, 170, 230, 400]) {
  test(`a vault with room for ${kilobytes} kB: what does not fit leaves nothing behind`, async (t) => {
    const db = await memoryDatabase(t);
    const area = backupArea({ db });
    // Random bytes do not become fewer by packing.
    area.database.padding = crypto.getRandomValues(Buffer.alloc(60_000));
    area.vault('attic').capacity = kilobytes * 1_000;

    await area.begin(PLAN);

    const all = await area.backups.list({ limit: 10 });
    assertConsistent(area, all);
    const [source] = await area.backups.facts.sources();
    assert.deepEqual([all.length, source?.lastFailure?.code ?? null], kilobytes > 65 ? [1, null] : [0, 'VAULT_FULL']);
  });
}

/** Every backup that looks finished is listed, in both vaults, and every one that is listed is there. */
function assertConsistent(area: BackupArea, listed: readonly { readonly id: string }[]): void {
  for (const name of VAULTS) {
    const ids = [...area.vault(name).entries.keys()].flatMap(
      (file) => /(bak_\w+)\/manifest\.json$/.exec(file)?.[1] ?? [],
    );
    assert.deepEqual(new Set(ids), new Set(listed.map(({ id }) => id)), name);
  }
}

async function operationsOfOneBackup(): Promise<readonly string[]> {
  const ends: (() => unknown)[] = [];
  const t: Pick<TestContext, 'after'> = {
    after: (end) => void ends.push(() => end?.(t as TestContext, () => undefined)),
  };
  const area = backupArea({ db: await memoryDatabase(t) });
  const seen: string[] = [];
  const record = (vault: MemoryVault) => {
    vault.before = (operation, path) => void seen.push(`${operation} ${path.split('/').at(-1)} in ${vault.name}`);
  };
  for (const name of VAULTS) record(area.vault(name));
  await area.begin(PLAN);
  for (const end of ends) await end();
  return seen;
}
