import process from 'node:process';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { backupEngines } from '../src/backups/engines/index.ts';
import { generateIdentity, identityFile } from '../src/backups/format/age/keys.ts';
import { generateSigningKey, readSigningKey } from '../src/backups/format/signing.ts';
import { openDirectoryVault } from '../src/backups/offline.ts';
import { openBackup } from '../src/backups/open-backup.ts';
import { KEEP_DEFAULTS } from '../src/backups/plan.ts';
import type { Phase } from '../src/backups/progress.ts';
import { proveBackup } from '../src/backups/restore-backup.ts';
import { takeBackup } from '../src/backups/take-backup.ts';
import { Secret } from '../src/kernel/secret.ts';
import { createExec } from '../src/platform/exec/exec.ts';
import { systemClock } from '../src/platform/system-clock.ts';
import { createSystemIds } from '../src/platform/system-ids.ts';
import { silentLog } from '../test/support/silent-log.ts';

/** What it printed, as one line of JSON. */
export interface Taken {
  /** From the first byte asked for to the last one stored. */
  readonly storedMs: number;
  /** With everything read back, and the manifest written. */
  readonly completeMs: number;
  /** Restored into a scratch server of its own, counted and compared. */
  readonly provenMs: number;
  readonly plainBytes: number;
  readonly storedBytes: number;
  /** The most this process ever held, programs of the database not included. */
  readonly memoryBytes: number;
  readonly cpuMs: number;
}

/** A process of its own, so that its memory is that of a backup and of nothing else. Told where by stdin. */
const { url, vault: folder } = z
  .object({ url: z.string(), vault: z.string() })
  .parse(JSON.parse(await text(process.stdin)));
const ids = createSystemIds(systemClock);
const vault = openDirectoryVault(folder, { ids });
const engine = backupEngines.get('postgres');
const [platform, offline] = [await generateIdentity(), await generateIdentity()];
const signingKey = readSigningKey(generateSigningKey().pem);
const entered = new Map<Phase, number>();
const progress = {
  enter: (phase: Phase) => void entered.set(phase, systemClock.ticks()),
  add: () => undefined,
};
const io = { exec: createExec(), clock: systemClock, ids, signal: new AbortController().signal };

const startedAt = systemClock.ticks();
const { folder: place, manifest } = await takeBackup(
  {
    id: ids.next('bak'),
    app: 'bench',
    environment: 'local',
    source: {
      service: 'db',
      url: new Secret(url, 'bench'),
      engine: 'postgres',
      holds: [],
      schedule: { kind: 'daily', minutes: 0, zone: 'UTC' },
      prove: 'weekly',
      assertions: [],
      vaults: ['bench'],
      keep: KEEP_DEFAULTS,
    },
    engine,
    vaults: [vault],
    recipients: [platform.recipient, offline.recipient],
    signingKey,
    signers: [signingKey.signer],
    madeBy: 'bench',
  },
  { ...io, progress, log: silentLog },
);
const completeMs = systemClock.ticks() - startedAt;
const { cpu, memoryBytes } = used();
const { tookMs: provenMs } = await proveBackup(await openBackup(vault, place, [signingKey.signer]), engine, [], {
  ...io,
  progress,
  identities: [platform.identity],
});
const taken: Taken = {
  storedMs: (entered.get('reading back') ?? Number.NaN) - startedAt,
  completeMs,
  provenMs,
  plainBytes: manifest.dump.plain.bytes,
  storedBytes: manifest.dump.stored.bytes,
  memoryBytes,
  cpuMs: cpu,
};
process.stdout.write(JSON.stringify({ ...taken, place, identity: identityFile(platform, 0) }));

function used() {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  return { cpu: (userCPUTime + systemCPUTime) / 1_000, memoryBytes: maxRSS * 1_024 };
}
