import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Readable } from 'node:stream';
import { finished as ended } from 'node:stream/promises';
import { MINUTE_MS } from '../../kernel/clock.ts';
import { messageOf } from '../../kernel/errors.ts';
import type { Dump, EngineIo, Source } from '../engine.ts';
import { errors } from '../engine-errors.ts';
import type { DumpFacts, TableCount } from '../format/backup-manifest.ts';
import { sqliteFileOf } from './file-address.ts';
import { inspect } from './inspect.ts';

const COUNTING_MS_MAX = 2 * MINUTE_MS;
/** In one step: it would begin anew whenever somebody else writes between two. */
const ALL_PAGES = 2 ** 31 - 1;
const BUSY_MS_MAX = 10_000;

/** Copies the file as it is at one instant, then hands out that copy; its rows are counted meanwhile. */
export async function dumpSqlite(source: Source, io: EngineIo): Promise<Dump> {
  const file = sqliteFileOf(source.url);
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await io.exec.folder('us')).path;
  const copy = path.join(folder, 'copy.db');
  await copyOf(file, copy, source.service);
  io.signal.throwIfAborted();

  const stream = createReadStream(copy, { signal: io.signal });
  const counting = inspect({ task: 'count', file: copy, budgetMs: COUNTING_MS_MAX }, 'us', io);
  counting.catch(() => undefined);
  const held = stack.move();
  const finished = finish({ source, file, stream, counting, held, io });
  // Whoever reads the stream first and then looks here must not find the process gone.
  finished.catch(() => undefined);
  return { stream, finished };
}

async function copyOf(file: string, copy: string, service: string): Promise<void> {
  const { backup, DatabaseSync } = await import('node:sqlite');
  try {
    // SQLite takes an empty file for a database.
    if ((await stat(file)).size === 0) throw new Error('the file is empty');
    using db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS_MAX });
    await backup(db, copy, { rate: ALL_PAGES });
  } catch (error) {
    throw errors.BACKUP_DUMP_FAILED({ service, cause: `${file}: ${messageOf(error)}` }, { cause: error });
  }
}

interface UnderWay {
  readonly source: Source;
  readonly file: string;
  readonly stream: Readable;
  readonly counting: Promise<readonly TableCount[]>;
  /** All that has to go afterwards. */
  readonly held: AsyncDisposableStack;
  readonly io: EngineIo;
}

async function finish({ source, file, stream, counting, held, io }: UnderWay): Promise<DumpFacts> {
  try {
    await ended(stream);
    return describe(file, await counting);
  } catch (error) {
    io.signal.throwIfAborted();
    const cause = `${file}: ${messageOf(error)}`;
    throw errors.BACKUP_DUMP_FAILED({ service: source.service, cause }, { cause: error });
  } finally {
    await held.disposeAsync();
  }
}

function describe(file: string, tables: readonly TableCount[]): DumpFacts {
  const version = `SQLite ${process.versions['sqlite']}`;
  return {
    server: version,
    tool: version,
    command: ['sqlite3_backup', path.basename(file)],
    database: path.basename(file),
    tables: [...tables],
    extensions: [],
  };
}
