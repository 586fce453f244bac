import { generateIdentity } from '../../src/backups/format/age/keys.ts';
import { errors } from '../../src/backups/format/errors.ts';
import { generateSigningKey, readSigningKey } from '../../src/backups/format/signing.ts';
import type { BackupKeys, BackupPlan, Backups, PlannedSource } from '../../src/backups/index.ts';
import { createBackups } from '../../src/backups/index.ts';
import { KEEP_DEFAULTS } from '../../src/backups/plan.ts';
import type { Db } from '../../src/contracts/database.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts';
import type { Exec } from '../../src/kernel/exec.ts';
import type { Log } from '../../src/kernel/log.ts';
import { Secret } from '../../src/kernel/secret.ts';
import type { Database } from '../../src/platform/sql/database.ts';
import { createSystemIds } from '../../src/platform/system-ids.ts';
import { FakeClock } from './fake-clock.ts';
import { type FakeDatabase, fakeDatabase, fakeEngine } from './fake-engine.ts';
import { type ManualJobs, manualJobs } from './manual-jobs.ts';
import { type MemoryVault, memoryVault } from './memory-vault.ts';
import { silentLog } from './silent-log.ts';

const platform = await generateIdentity();
const offline = await generateIdentity();
const signing = generateSigningKey();

/** Keys as `evenkeel key create` makes them, once for each test file. */
export const testKeys = {
  recipients: [platform.recipient, offline.recipient],
  platform: platform.identity,
  offline: offline.identity,
  signer: signing.signer,
  signingKey: readSigningKey(signing.pem),
};

const RESTORE_MS = 1_000;

/** A password nobody may ever see. */
const PLANTED = 'pl4nted-s3cret';

export function aSource(differences: Partial<PlannedSource> = {}): PlannedSource {
  return {
    service: 'db',
    url: new Secret(`postgres://shop:${PLANTED}@db.example/shop`, '${DATABASE_URL}'),
    engine: 'postgres',
    holds: ['users', 'orders'],
    schedule: { kind: 'daily', minutes: (2 * HOUR_MS) / MINUTE_MS, zone: 'UTC' },
    prove: 'weekly',
    assertions: [],
    vaults: ['local'],
    keep: KEEP_DEFAULTS,
    ...differences,
  };
}

export function aPlan(differences: Partial<BackupPlan> = {}): BackupPlan {
  const sources = differences.sources ?? [aSource()];
  const vaults = [...new Set(sources.flatMap((source) => source.vaults))];
  return {
    app: 'shop',
    sources,
    vaults: vaults.map((name) => ({ name, type: 'memory', settings: {} })),
    recipients: testKeys.recipients,
    signers: [testKeys.signer],
    ...differences,
  };
}

export interface BackupArea {
  readonly backups: Backups;
  readonly clock: FakeClock;
  readonly jobs: ManualJobs;
  readonly database: FakeDatabase;
  /** By name; made when it is opened for the first time. */
  readonly vault: (name?: string) => MemoryVault;
  /** What the server holds; a test takes from it. */
  readonly keys: { identities: readonly Secret[]; hasSigningKey: boolean; fails: boolean };
  /** So many minutes later, again and again: what is due is asked for and done. */
  minutes(minutes: number, times?: number): Promise<void>;
  /** Starts, and does what is due at once. */
  begin(plan?: BackupPlan): Promise<void>;
}

export interface AreaOptions {
  readonly db: Database;
  readonly clock?: FakeClock;
  readonly log?: Log;
  /** Shared by two processes. */
  readonly shares?: BackupArea;
}

/** The whole area over a fake database server and vaults in memory; all between them is real. */
export function backupArea({ db, log = silentLog, shares, ...options }: AreaOptions): BackupArea {
  const clock = options.clock ?? shares?.clock ?? new FakeClock('2026-11-21T12:00:00Z');
  const jobs = manualJobs();
  // Nothing that happens after a restore happens at the same instant.
  const database = shares?.database ?? fakeDatabase({ onRestore: () => clock.advance(RESTORE_MS) });
  const vaults = new Map<string, MemoryVault>();
  const vault = shares?.vault ?? ((name = 'local') => vaults.getOrInsertComputed(name, () => memoryVault(name)));
  const keys = { identities: [testKeys.platform] as readonly Secret[], hasSigningKey: true, fails: false };
  const handed: BackupKeys = {
    async identities() {
      if (keys.fails) throw errors.BACKUP_IDENTITY_INVALID({ name: 'platform.agekey', problem: 'it is empty' });
      return keys.identities;
    },
    signingKey: async () => (keys.hasSigningKey ? testKeys.signingKey : null),
  };
  const backups = createBackups({
    db,
    clock: clock satisfies Clock,
    ids: createSystemIds(clock),
    log,
    exec: noPrograms,
    jobs,
    environment: 'live',
    version: '1.2.3',
    keys: handed,
    engineOf: () => fakeEngine(database),
    openVault: ({ name }) => vault(name),
  });
  const look = backups.jobs.find(({ cron }) => cron !== undefined);
  return {
    backups,
    clock,
    jobs,
    database,
    vault,
    keys,
    async minutes(minutes, times = 1) {
      for (let time = 0; time < times; time += 1) {
        await clock.advance(minutes * MINUTE_MS);
        await look?.handle({}, { id: 'look', attempt: 1, signal: new AbortController().signal });
        await jobs.run();
      }
    },
    async begin(plan = aPlan()) {
      await backups.apply(plan);
      await backups.start();
      await jobs.run();
    },
  };
}

const noPrograms: Exec = {
  find: async () => undefined,
  run: () => {
    throw new Error('No programs here.');
  },
  folder: () => {
    throw new Error('No programs here.');
  },
};

/** A day passes, with a look at its end. */
export async function dayLater(area: BackupArea): Promise<void> {
  await area.minutes(24 * 60 - 1);
  await area.minutes(1);
}

/** In the middle of each dump in this vault. */
export function flipByte(area: BackupArea, name: string): void {
  for (const [file, content] of area.vault(name).entries) {
    if (!file.endsWith('dump.zst.age')) continue;
    const copy = Buffer.from(content);
    const at = Math.floor(copy.length / 2);
    copy[at] = (copy[at] ?? 0) ^ 1;
    area.vault(name).entries.set(file, copy);
  }
}

type Announced = readonly [name: string, payload: Readonly<Record<string, unknown>>];

/** What everybody was told about backups, oldest first. */
export async function announcedBackups(db: Db): Promise<readonly Announced[]> {
  const outbox = db.of<{ outbox: { seq: number; name: string; payload: string } }>().selectFrom('outbox');
  const rows = await outbox.select(['name', 'payload']).where('name', 'like', 'backup.%').orderBy('seq').execute();
  return rows.map(({ name, payload }) => [name, JSON.parse(payload)]);
}
