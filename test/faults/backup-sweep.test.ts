import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { announcedBackups, aPlan, aSource, type BackupArea, backupArea } from '../support/backup-area.ts';
import { memoryDatabase } from '../support/databases.ts';
import type { MemoryVault } from '../support/memory-vault.ts';

const VAULTS = ['local', 'attic'];
const PLAN = aPlan({ sources: [aSource({ vaults: VAULTS })] });

/** What a first backup and its proof ask of the vaults, in order. */
const operations = await operationsOfOneBackup();

for (const [index, operation] of operations.entries()) {
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

/** In each vault there is every backup that is listed, complete, and nothing else. */
function assertConsistent(area: BackupArea, listed: readonly { readonly id: string }[]): void {
  for (const name of VAULTS) {
    const ids = [...area.vault(name).entries.keys()].map((file) => /bak_\w+/.exec(file)?.[0] ?? file);
    const counted = new Map([...Map.groupBy(ids, (id) => id)].map(([id, files]) => [id, files.length]));
    assert.deepEqual(counted, new Map(listed.map(({ id }) => [id, 5])), name);
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
