import { SECOND_MS } from '../kernel/clock.ts';
import { type Comparison, compareTables, sayDifferences, sayNothingCompared } from './comparison.ts';
import type { BackupEngine, RestoredDatabase, RestoreTarget } from './engine.ts';
import { errors } from './errors.ts';
import { checkStored, withDump } from './format/stored-dump.ts';
import type { OpenedBackup } from './open-backup.ts';
import type { ReadTools } from './verify-backup.ts';

const ANSWER_WITHIN_MS = 60 * SECOND_MS;

export interface RestoredBackup extends Pick<RestoredDatabase, 'where' | 'notes'> {
  readonly comparison: Comparison;
}

/** Loads a backup into a place that is empty, and compares what came out with what went in. */
export async function restoreBackup(
  opened: OpenedBackup,
  engine: BackupEngine,
  into: Exclude<RestoreTarget, { kind: 'scratch' }>,
  tools: ReadTools,
): Promise<RestoredBackup> {
  const database = await load(opened, engine, into, tools);
  try {
    const comparison = await compare(opened, database, tools);
    const { where, notes } = database;
    if (comparison.differences.length === 0) return { where, notes, comparison };
    throw errors.BACKUP_RESTORE_DIFFERS({ where, differences: sayDifferences(comparison.differences) });
  } finally {
    await database.close();
  }
}

export interface ProvenRestore {
  readonly comparison: Comparison;
  /** From the first byte read to the last question answered. */
  readonly tookMs: number;
}

/**
 * Loads a backup into a scratch database, compares every table with what was counted when it was taken, and asks the
 * owner's questions. Rejects with `BACKUP_PROOF_FAILED` when anything is not as it should be.
 */
export async function proveBackup(
  opened: OpenedBackup,
  engine: BackupEngine,
  assertions: readonly string[],
  tools: ReadTools,
): Promise<ProvenRestore> {
  const startedAt = tools.clock.ticks();
  const database = await load(opened, engine, { kind: 'scratch' }, tools);
  try {
    const comparison = await compare(opened, database, tools);
    const unanswered = await ask(database, assertions);
    const nothing = assertions.length === 0 ? sayNothingCompared(comparison) : undefined;
    const differences = [comparison.differences, unanswered, nothing ?? []].flat();
    const { service } = opened.manifest;
    if (differences.length > 0) throw errors.BACKUP_PROOF_FAILED({ service, differences: sayDifferences(differences) });
    return { comparison, tookMs: Math.round(tools.clock.ticks() - startedAt) };
  } finally {
    await database.close();
  }
}

/** The whole file is checked first: nothing that somebody else put there reaches the database's own programs. */
async function load(
  { dump, manifest }: OpenedBackup,
  engine: BackupEngine,
  into: RestoreTarget,
  { progress, identities, ...io }: ReadTools,
): Promise<RestoredDatabase> {
  if (identities.length === 0) throw errors.BACKUP_IDENTITY_MISSING({});
  const reading = { signal: io.signal, onBytes: (bytes: number) => progress.add(bytes) };
  progress.enter('checking');
  await checkStored(dump, reading);
  progress.enter('restoring');
  return withDump(dump, { ...reading, keys: { identities } }, (plain) =>
    engine.restore(plain, into, manifest.source, io),
  );
}

async function compare({ manifest }: OpenedBackup, database: RestoredDatabase, tools: ReadTools): Promise<Comparison> {
  tools.progress.enter('comparing');
  return compareTables(manifest.source.tables, await database.tables());
}

async function ask(database: RestoredDatabase, assertions: readonly string[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const assertion of assertions) {
    const answer = await database.ask(assertion, ANSWER_WITHIN_MS);
    if (answer.outcome === 'false') problems.push(`"${assertion}" answered ${answer.detail}`);
  }
  return problems;
}
