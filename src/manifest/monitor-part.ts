import path from 'node:path';
import { stringify } from 'yaml';
import type { ReadFiles } from './read-sources.ts';

/** A monitor that is added by a command has a file of its own, so what was typed is a diff that can be reviewed. */
const PARTS_FOLDER = 'evenkeel.d';
const FIRST_LINE = '# Added by `evenkeel monitor add`';
const LINE_WIDTH = 120;

export interface MonitorPart {
  readonly name: string;
  /** As it would stand in the manifest, e.g. `{ http: 'https://shop.example/', every: '30s' }`. */
  readonly entry: Readonly<Record<string, unknown>>;
  /** Who added it, e.g. `token ci`. */
  readonly by: string;
}

/** Relative to the folder of the main file. */
export function monitorPartFile(name: string): string {
  return path.posix.join(PARTS_FOLDER, `${name}.yaml`);
}

/** What was typed is a value and never a reference: `${` stands for itself. */
export function monitorPartText({ name, entry, by }: MonitorPart): string {
  const body = stringify({ monitors: { [name]: withoutReferences(entry) } }, { lineWidth: LINE_WIDTH });
  return `${FIRST_LINE} for ${by.replaceAll(/[^\w .@-]/g, '?')}; \`evenkeel monitor remove ${name}\` takes it out.\n${body}`;
}

/** Whether nobody has made the file their own: then a command may take it away again. */
export function isMonitorPart(text: string): boolean {
  return text.startsWith(FIRST_LINE);
}

/** The files as they would be with this one, or without it. */
export function filesWith(files: ReadFiles, file: string, text: string | undefined): ReadFiles {
  const [folder, name] = [path.dirname(file), path.basename(file)];
  return {
    read: async (asked, limits) => (asked === file ? text : files.read(asked, limits)),
    async list(asked) {
      const names = await files.list(asked);
      if (asked !== folder) return names;
      const others = names.filter((other) => other !== name);
      return text === undefined ? others : [...others, name].toSorted();
    },
  };
}

function withoutReferences(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (Array.isArray(value)) return value.map(withoutReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutReferences(inner)]));
}
