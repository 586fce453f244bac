import path from 'node:path';
import { createNames, createVariables, type ImportIo, type ImportSource } from '../../src/moving/index.ts';

export interface Planned {
  /** What would be written, by title; for what has no place, why not. */
  readonly entries: Readonly<Record<string, unknown>>;
  readonly notes: Readonly<Record<string, readonly string[]>>;
  readonly from: Readonly<Record<string, string>>;
  /** Values that would go to `.env`, by name. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** What a source makes of some files, without a command and a disk. */
export async function planOf(
  source: ImportSource,
  where: string,
  files: Readonly<Record<string, string>>,
  more: Partial<ImportIo> = {},
): Promise<Planned> {
  const nothing = { watched: new Set<string>(), told: new Set<string>(), windows: new Set<string>() };
  const nameFor = createNames({ taken: nothing, remembered: new Map() });
  const { items } = await source.plan({ where, nameFor, io: { ...ioOf(files), ...more } });
  const variables = createVariables(source.type);
  const entries = items.map(({ title, target, problem }) => {
    return [title, target === undefined ? problem : variables.settle(target.entry, target.name)] as const;
  });
  return {
    entries: Object.fromEntries(entries),
    notes: Object.fromEntries(items.map(({ title, notes }) => [title, notes])),
    from: Object.fromEntries(items.map(({ title, from }) => [title, from])),
    secrets: Object.fromEntries([...variables.all()].map(([name, secret]) => [name, secret.reveal()])),
  };
}

function ioOf(files: Readonly<Record<string, string>>): ImportIo {
  const all = new Map(Object.entries(files).map(([file, text]) => [path.posix.normalize(file), text]));
  return {
    read: async (file) => all.get(path.posix.normalize(file)),
    async list(folder) {
      const prefix = folder === '.' ? '' : `${path.posix.normalize(folder).replace(/\/$/, '')}/`;
      const inside = [...all.keys()].filter((file) => file.startsWith(prefix));
      return [...new Set(inside.map((file) => file.slice(prefix.length).split('/')[0] ?? ''))].toSorted();
    },
    database: async () => undefined,
    get: async () => ({ status: 404, text: '' }),
    variable: () => undefined,
    now: () => Date.UTC(2026, 10, 20),
  };
}
