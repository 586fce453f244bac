import path from 'node:path';
import type { Files } from '../kernel/files.ts';
import { DOTENV_BYTES_MAX, FILE_BYTES_MAX, parseDotenv } from '../manifest/index.ts';
import { type NamesKnown, readMemory, type Sections, type Standing, sectionsIn } from '../moving/index.ts';

const FOLDER = 'evenkeel.d';
/** The memory repeats what the file says, and tells what was left behind. */
const MEMORY_BYTES_MAX = 8_000_000;

/** The files that an import writes, relative to the folder of the manifest. */
export interface ImportFiles {
  readonly part: string;
  readonly memory: string;
  readonly dotenv: string;
}

export function importFilesOf(type: string): ImportFiles {
  const stem = path.posix.join(FOLDER, `imported-${type}`);
  return { part: `${stem}.yaml`, memory: `${stem}.json`, dotenv: '.env' };
}

/** How things are before an import. */
export interface Before extends Omit<Standing, 'overwrites'> {
  /** Texts of the three files; undefined for those that are not there. */
  readonly texts: Readonly<Record<keyof ImportFiles, string | undefined>>;
  readonly hasManifest: boolean;
  /** What `.env` says. */
  readonly variables: ReadonlyMap<string, string>;
}

export async function standingBefore(manifest: string, own: ImportFiles, files: Files): Promise<Before> {
  const folder = path.dirname(manifest);
  const read = (file: string, bytesMax = FILE_BYTES_MAX) => files.read(path.join(folder, file), { bytesMax });
  const names = await files.list(path.join(folder, FOLDER));
  const others = names.map((name) => path.posix.join(FOLDER, name)).filter((file) => file.endsWith('.yaml'));
  const main = await read(path.basename(manifest));
  const parts = await Promise.all(others.filter((file) => file !== own.part).map((file) => read(file)));
  const texts = {
    part: await read(own.part),
    memory: await read(own.memory, MEMORY_BYTES_MAX),
    dotenv: await read(own.dotenv, DOTENV_BYTES_MAX),
  };
  return {
    texts,
    hasManifest: main !== undefined,
    imported: sectionsIn(texts.part ?? ''),
    elsewhere: merged([main ?? '', ...parts.map((text) => text ?? '')].map(sectionsIn)),
    memory: readMemory(texts.memory),
    variables: parseDotenv(texts.dotenv ?? ''),
  };
}

/** What is imported already keeps its name, wherever it has been moved to. */
export function namesKnown({ elsewhere, imported, memory }: Before): NamesKnown {
  const remembered = new Map([...memory].map(([key, { name }]) => [key, name] as const));
  const own = new Set(remembered.values());
  const namesIn = (...sections: readonly string[]) => {
    const all = sections.flatMap((section) =>
      [elsewhere, imported].flatMap((from) => Object.keys(from[section] ?? {})),
    );
    return new Set(all.filter((name) => !own.has(name)));
  };
  return {
    remembered,
    taken: {
      watched: namesIn('services', 'monitors'),
      told: namesIn('people', 'oncall', 'channels'),
      windows: namesIn('maintenance'),
    },
  };
}

function merged(parts: readonly Sections[]): Sections {
  const all: Record<string, Record<string, unknown>> = {};
  for (const part of parts) {
    for (const [section, entries] of Object.entries(part)) all[section] = { ...all[section], ...entries };
  }
  return all;
}
