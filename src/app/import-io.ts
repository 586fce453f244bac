import path from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { codeOf } from '../kernel/errors.ts';
import type { Files } from '../kernel/files.ts';
import { type ImportIo, type ImportSource, importErrors, type Row, type Tables } from '../moving/index.ts';
import { createNet } from '../platform/net/net.ts';
import { type ForeignTables, openForeignTables } from '../platform/sql/foreign-tables.ts';
import type { Variables } from './config.ts';

/** A backup of many hundred monitors, icons and all. */
const FILE_BYTES_MAX = 64_000_000;
const ANSWER_BYTES_MAX = 16_000_000;
const ANSWER_MS_MAX = 30_000;

export interface ImportIoDeps {
  readonly folder: string;
  readonly variables: Variables;
  readonly files: Files;
  readonly clock: Clock;
}

/** The world as a source of an import sees it; whatever it opened is closed with `opening`. */
export function createImportIo(source: ImportSource, deps: ImportIoDeps, opening: DisposableStack): ImportIo {
  const { folder, variables, files, clock } = deps;
  const absolute = (place: string) => path.resolve(folder, place);
  const opened = new Map<string, Tables>();
  return {
    read: (place) => files.read(absolute(place), { bytesMax: FILE_BYTES_MAX }),
    list: (place) => files.list(absolute(place)),
    async database(place) {
      const file = absolute(place);
      const before = opened.get(file);
      if (before !== undefined) return before;
      const tables = await attempt(place, () => openForeignTables(file));
      if (tables === undefined) return undefined;
      const readable = readableTables(place, opening.use(tables));
      opened.set(file, readable);
      return readable;
    },
    async get(url, headers = {}) {
      const place = URL.canParse(url) ? new URL(url).host : url;
      return attempt(place, async () => {
        const signal = clock.timeout(ANSWER_MS_MAX);
        const net = createNet({ policy: 'manifest', clock });
        const answer = await net.http.send({ method: 'GET', url, headers, bodyBytesMax: ANSWER_BYTES_MAX, signal });
        return { status: answer.status, text: new TextDecoder().decode(answer.body) };
      });
    },
    variable: (name) => variables[name],
    now: () => clock.now(),
  };

  async function attempt<T>(where: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (cause) {
      throw unreadable(where, cause);
    }
  }

  /** A database that is damaged, or not wholly copied, is often found to be so in the middle of a table. */
  function readableTables(where: string, tables: ForeignTables): Tables {
    return {
      names: () => tables.names(),
      *rows(table, having): Generator<Row> {
        try {
          yield* tables.rows(table, having);
        } catch (cause) {
          throw unreadable(where, cause);
        }
      },
    };
  }

  function unreadable(where: string, cause: unknown): Error {
    const { type, title, example } = source;
    return importErrors.IMPORT_UNREADABLE({ where, title, type, example, problem: codeOf(cause) }, { cause });
  }
}
