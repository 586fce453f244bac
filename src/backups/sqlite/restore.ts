import { createWriteStream } from 'node:fs';
import { chmod, chown, lchown, link, mkdtemp, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { formatDuration } from '../../kernel/duration.ts';
import { codeOf, messageOf } from '../../kernel/errors.ts';
import type { ProgramUser } from '../../kernel/exec.ts';
import { answerDetail } from '../answer-detail.ts';
import type { EngineIo, RestoredDatabase, RestoreTarget } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import { asNeighbour, asTarget } from '../unusable-place.ts';
import { sqliteFileOf } from './file-address.ts';
import { inspect } from './inspect.ts';

const TOOL = 'SQLite';
const HEADER = 'SQLite format 3\0';
const NAME = /^[a-z][a-z\d_]{0,62}$/;
const UNCOUNTED_NEVER = Number.MAX_SAFE_INTEGER;

export async function restoreSqlite(dump: Readable, into: RestoreTarget, io: EngineIo): Promise<RestoredDatabase> {
  try {
    if (into.kind === 'scratch') return await intoScratch(dump, io);
    if (into.kind === 'at') return await intoFile(dump, sqliteFileOf(into.url, asTarget), undefined, io);
    const source = sqliteFileOf(into.source.url, asNeighbour);
    if (!NAME.test(into.name)) throw errors.BACKUP_TARGET_NAME_INVALID({ name: into.name });
    const file = path.join(path.dirname(source), `${into.name}${path.extname(source)}`);
    return await intoFile(dump, file, source, io);
  } catch (error) {
    dump.destroy();
    throw error;
  }
}

async function intoScratch(dump: Readable, io: EngineIo): Promise<RestoredDatabase> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await io.exec.folder('nobody')).path;
  const file = path.join(folder, 'restored.db');
  await receive(dump, file, (cause) => errors.BACKUP_SCRATCH_FAILED({ cause }), io);
  const { uid, gid } = await stat(folder);
  await lchown(file, uid, gid);
  await assertSound(file, 'nobody', io);
  const held = stack.move();
  const where = `a scratch file of SQLite ${process.versions['sqlite']}`;
  return restoredDatabase({ file, where, user: 'nobody', close: () => held.disposeAsync() }, io);
}

/** The name is given last, and only if nobody has taken it meanwhile: half a database is never seen under it. */
async function intoFile(
  dump: Readable,
  file: string,
  like: string | undefined,
  io: EngineIo,
): Promise<RestoredDatabase> {
  const parent = path.dirname(file);
  const fail = (cause: string) => errors.BACKUP_RESTORE_FAILED({ where: file, cause });
  for (const place of [file, ...journalsOf(file)]) if (await isThere(place)) throw exists(place);
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(path.join(parent, '.evenkeel-restore-')).catch((error) => {
    throw fail(codeOf(error));
  });
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const fresh = path.join(folder, path.basename(file));
  await receive(dump, fresh, fail, io);
  await assertSound(fresh, 'us', io);
  if (like !== undefined) await belongAs(fresh, like);
  try {
    await giveName(fresh, file);
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? exists(file) : fail(codeOf(error));
  }
  return restoredDatabase({ file, where: file, user: 'us', close: async () => undefined }, io);
}

/** It outlives a power cut; a file whose name might not is not left there. */
async function giveName(fresh: string, file: string): Promise<void> {
  await link(fresh, file);
  try {
    await using folder = await open(path.dirname(file), 'r');
    await folder.sync();
  } catch (error) {
    await rm(file);
    throw error;
  }
}

async function receive(
  dump: Readable,
  file: string,
  fail: (cause: string) => Error,
  { signal }: EngineIo,
): Promise<void> {
  const sink = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await pipeline(dump, sink, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw sink.errored === null || sink.errored !== error || dump.errored === error ? error : fail(codeOf(error));
  }
}

async function assertSound(file: string, user: ProgramUser, io: EngineIo): Promise<void> {
  const problem = (await hasHeader(file)) ? await inspect({ task: 'check', file }, user, io) : 'it is no database';
  if (problem !== null) throw errors.BACKUP_DUMP_UNREADABLE({ tool: TOOL, cause: answerDetail(problem) });
}

/** SQLite itself takes an empty file for a database. */
async function hasHeader(file: string): Promise<boolean> {
  await using handle = await open(file, 'r');
  const { buffer } = await handle.read(Buffer.alloc(HEADER.length), 0, HEADER.length, 0);
  return buffer.toString('latin1') === HEADER;
}

async function belongAs(file: string, like: string): Promise<void> {
  const { mode, uid, gid } = await stat(like);
  await chmod(file, mode & 0o777);
  if (process.getuid?.() === 0) await chown(file, uid, gid);
}

async function isThere(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch {
    return false;
  }
}

/** SQLite plays one that it finds into the database beside it, whichever that is: it would bring back what was lost. */
function journalsOf(file: string): readonly string[] {
  return ['-wal', '-journal'].map((ending) => `${file}${ending}`);
}

function exists(file: string): Error {
  return errors.BACKUP_TARGET_EXISTS({ name: path.basename(file), where: path.dirname(file) });
}

interface Restored {
  readonly file: string;
  readonly where: string;
  readonly user: ProgramUser;
  close(): Promise<void>;
}

function restoredDatabase({ file, where, user, close }: Restored, io: EngineIo): RestoredDatabase {
  return {
    where,
    notes: [],
    tables: () => inspect({ task: 'count', file, budgetMs: UNCOUNTED_NEVER }, user, io),
    async ask(query, timeoutMs) {
      const limit = io.clock.timeout(timeoutMs);
      const signal = AbortSignal.any([io.signal, limit]);
      try {
        const answer = await inspect({ task: 'ask', file, query }, user, { exec: io.exec, signal });
        return answer.outcome === 'true' ? answer : { ...answer, detail: answerDetail(answer.detail) };
      } catch (error) {
        io.signal.throwIfAborted();
        const detail = limit.aborted ? `no answer within ${formatDuration(timeoutMs)}` : messageOf(error);
        return { outcome: 'false', detail: answerDetail(detail) };
      }
    },
    close,
  };
}

/** Reads a dump to its end, and every page of it as SQLite does. */
export async function readThroughSqlite(dump: Readable, io: EngineIo): Promise<void> {
  const restored = await restoreSqlite(dump, { kind: 'scratch' }, io);
  await restored.close();
}
