import path from 'node:path';
import { EvenkeelError } from '../kernel/errors.ts';
import { parseDotenv } from './dotenv.ts';
import type { ReadFiles } from './read-sources.ts';

/** Reads the environment of the process; only `app/` may touch the real one. */
export type Environment = (name: string) => string | undefined;

export type Found =
  | { readonly outcome: 'found'; readonly value: string }
  | { readonly outcome: 'missing' }
  /** The file that should hold it cannot be read. */
  | { readonly outcome: 'unreadable'; readonly message: string; readonly hint: string };

export type VariableLookup = (name: string) => Promise<Found>;

const VALUE_BYTES_MAX = 64_000;
/** A longer `.env` is not read at all. */
export const DOTENV_BYTES_MAX = 256_000;

export interface LookupSources {
  readonly files: ReadFiles;
  readonly environment: Environment;
  /** Folders whose `.env` counts too, the nearest first. */
  readonly folders: readonly string[];
}

/**
 * Where the value of a variable comes from: the process, then the file that its `_FILE` twin names (Docker's and
 * Kubernetes' way with secrets), then the `.env` files.
 */
export function createLookup({ files, environment, folders }: LookupSources): VariableLookup {
  const dotenvs = folders.map((folder) => memoized(() => readDotenv(files, folder)));
  return async (name) => {
    const value = environment(name);
    if (value !== undefined) return { outcome: 'found', value };
    const twin = environment(`${name}_FILE`);
    if (twin === undefined) return refusalsAsValues(() => findInDotenvs(name));
    const found = await readValue(files, twin);
    return found.outcome === 'missing' ? noSuchFile(`${name}_FILE`) : found;
  };

  async function findInDotenvs(name: string): Promise<Found> {
    for (const dotenv of dotenvs) {
      const value = (await dotenv()).get(name);
      if (value !== undefined) return { outcome: 'found', value };
    }
    return { outcome: 'missing' };
  }
}

/** The content of a file that holds one value; the newline that editors add is not part of it. */
export function readValue(files: ReadFiles, file: string): Promise<Found> {
  return refusalsAsValues(async () => {
    const text = await files.read(file, { bytesMax: VALUE_BYTES_MAX });
    return text === undefined ? { outcome: 'missing' } : { outcome: 'found', value: text.replace(/\r?\n$/, '') };
  });
}

async function refusalsAsValues(find: () => Promise<Found>): Promise<Found> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof EvenkeelError)) throw error;
    return { outcome: 'unreadable', message: error.message, hint: error.hint };
  }
}

function noSuchFile(variable: string): Found {
  return {
    outcome: 'unreadable',
    message: `The file that ${variable} names does not exist.`,
    hint: `Correct ${variable}, or create the file.`,
  };
}

async function readDotenv(files: ReadFiles, folder: string): Promise<ReadonlyMap<string, string>> {
  const text = await files.read(path.join(folder, '.env'), { bytesMax: DOTENV_BYTES_MAX });
  return parseDotenv(text ?? '');
}

function memoized<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}
