import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { codeOf, messageOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { Secret } from '../kernel/secret.ts';
import type { BackupEngine, EngineIo } from './engine.ts';
import { errors } from './errors.ts';
import { createAgeEncryption } from './format/age/encrypt.ts';
import { complete, removeBackup } from './format/backup-folder.ts';
import { type BackupManifest, type DumpFacts, FORMAT } from './format/backup-manifest.ts';
import { BACKUP_FILES, backupFolder } from './format/layout.ts';
import { createMeter, type Size } from './format/meter.ts';
import { createPacking } from './format/packing.ts';
import type { SigningKey } from './format/signing.ts';
import { type StoredDump, withDump } from './format/stored-dump.ts';
import type { PlannedSource } from './plan.ts';
import type { Progress } from './progress.ts';
import type { Vault } from './vault.ts';

export interface BackupOrder {
  readonly id: string;
  readonly app: string;
  readonly environment: string;
  readonly source: PlannedSource;
  readonly engine: BackupEngine;
  /** The first one takes the dump, the others copy from it. */
  readonly vaults: readonly [Vault, ...Vault[]];
  readonly recipients: readonly string[];
  readonly signingKey: SigningKey;
  /** Whose signatures will be believed. */
  readonly signers: readonly string[];
  /** Our own version. */
  readonly madeBy: string;
}

export interface BackupTools extends Pick<EngineIo, 'exec' | 'clock' | 'ids' | 'signal'> {
  readonly progress: Progress;
  readonly log: Log;
}

export interface TakenBackup {
  readonly folder: string;
  readonly manifest: BackupManifest;
}

/**
 * Takes one backup: it resolves when the backup is complete in every vault and was read back to its end there. When it
 * rejects, nothing is left that looks like a backup, and what was written has been removed as far as the vaults let us.
 */
export async function takeBackup(order: BackupOrder, tools: BackupTools): Promise<TakenBackup> {
  const { id, app, environment, source, signingKey, signers } = order;
  // Nobody would ever open it again, so better to say so before the work than after a disaster.
  if (!signers.includes(signingKey.signer)) throw errors.BACKUP_SIGNER_NOT_PINNED({ signer: signingKey.signer });
  const startedAt = tools.clock.now();
  const folder = backupFolder({ app, environment, service: source.service, id, startedAt });
  try {
    const manifest = await storeDump(order, tools, { folder, startedAt });
    await complete({ ...order, folder, manifest }, tools.signal);
    return { folder, manifest };
  } catch (error) {
    for (const vault of order.vaults)
      await removeBackup(vault, folder).catch((reason) =>
        tools.log.warn(NOT_REMOVED, { vault: vault.name, folder, reason: messageOf(reason) }),
      );
    throw error;
  }
}

const NOT_REMOVED = 'What a failed backup had written could not be removed; it is none, and goes in a day.';

interface Beginning {
  readonly folder: string;
  readonly startedAt: number;
}

async function storeDump(
  order: BackupOrder,
  tools: BackupTools,
  { folder, startedAt }: Beginning,
): Promise<BackupManifest> {
  const { id, app, environment, source, engine, vaults, recipients, signingKey, madeBy } = order;
  const path = `${folder}/${BACKUP_FILES.dump}`;
  const [first, ...others] = vaults;
  const dumped = await writeDump(order, tools, path);
  const finishedAt = tools.clock.now();
  const { facts, payloadKey, ...sizes } = dumped;
  const readable = async (vault: Vault) => {
    tools.progress.enter('reading back');
    await readBack(engine, { vault, path, sizes }, { ...tools, payloadKey });
  };
  await readable(first);
  for (const vault of others) {
    tools.progress.enter('copying');
    await copyTo(vault, { vault: first, path, sizes }, tools);
    await readable(vault);
  }
  return {
    format: FORMAT,
    id,
    app,
    environment,
    service: source.service,
    engine: engine.type,
    holds: [...source.holds],
    startedAt: new Date(startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    dump: { file: BACKUP_FILES.dump, ...sizes },
    recipients: [...recipients],
    signer: signingKey.signer,
    source: facts,
    madeBy,
  };
}

interface Dumped {
  readonly facts: DumpFacts;
  readonly plain: Size;
  readonly stored: Size;
  /** Opens this one file. */
  readonly payloadKey: Secret;
}

async function writeDump(order: BackupOrder, tools: BackupTools, path: string): Promise<Dumped> {
  const { source, engine, recipients, vaults } = order;
  const { transform: encryption, payloadKey } = await createAgeEncryption(recipients);
  tools.progress.enter('dumping');
  const dump = await engine.dump(source, tools);
  const ended: { facts?: DumpFacts } = {};
  const plain = createMeter({
    onBytes: (bytes) => tools.progress.add(bytes),
    // The end of the stream alone says nothing: half a dump ends as well as a whole one.
    async atEnd({ bytes }) {
      ended.facts = await dump.finished;
      if (bytes === 0) throw errors.BACKUP_DUMP_EMPTY({ service: source.service });
    },
  });
  const stored = createMeter();
  const flow = pipeline(dump.stream, plain.transform, createPacking(), encryption, stored.transform);
  try {
    await writeFlow(vaults[0], { path, flow, content: stored.transform, signal: tools.signal });
  } finally {
    // What was started for it has ended when we go on.
    await dump.finished.catch(() => undefined);
  }
  if (ended.facts === undefined) throw new Error('The dump has ended without its facts.');
  return { facts: ended.facts, plain: plain.measured(), stored: stored.measured(), payloadKey };
}

interface Flow {
  readonly path: string;
  /** All steps before the vault. */
  readonly flow: Promise<void>;
  /** The last of them. */
  readonly content: Readable;
  readonly signal: AbortSignal;
}

/** Waits for every step. What the vault says comes first: it has the error of its content, or one of its own. */
async function writeFlow(vault: Vault, { path, flow, content, signal }: Flow): Promise<void> {
  const ends = await Promise.allSettled([vault.write(path, content, signal), flow]);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

async function copyTo(vault: Vault, from: StoredDump, { signal, progress }: BackupTools): Promise<void> {
  const copy = createMeter({ onBytes: (bytes) => progress.add(bytes) });
  const flow = pipeline(from.vault.read(from.path, signal), copy.transform);
  await writeFlow(vault, { path: from.path, flow, content: copy.transform, signal });
}

/** From where it is stored, to its end, as the engine's own tool reads it: without that nothing counts as written. */
async function readBack(
  engine: BackupEngine,
  stored: StoredDump,
  { payloadKey, progress, ...io }: BackupTools & { readonly payloadKey: Secret },
): Promise<void> {
  const reading = { keys: { payloadKey }, signal: io.signal, onBytes: (bytes: number) => progress.add(bytes) };
  try {
    await withDump(stored, reading, (dump) => engine.readThrough(dump, io));
  } catch (cause) {
    if (!WRITTEN_WRONG.includes(codeOf(cause))) throw cause;
    const { name, where } = stored.vault;
    throw errors.BACKUP_NOT_READABLE({ vault: name, where, problem: messageOf(cause) }, { cause });
  }
}

/** What shows that the bytes, or the dump itself, are not what they should be. */
const WRITTEN_WRONG = ['BACKUP_DAMAGED', 'BACKUP_DUMP_UNREADABLE', 'VAULT_ENTRY_MISSING'];
