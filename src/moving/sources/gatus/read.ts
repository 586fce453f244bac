import { errors } from '../../errors.ts';
import { type Fields, fieldsIn, isFields, listIn } from '../../fields.ts';
import type { ImportIo } from '../../import-source.ts';
import { readYaml, type YamlSource } from '../../yaml-source.ts';

const FILES_MAX = 500;
const FOLDERS_DEEP = 8;

/** One entry of a list, or one section, and where it stands. */
export interface Placed {
  readonly fields: Fields;
  /** E.g. `config.yaml:12`. */
  readonly from: string;
}

/** What all files of a Gatus say together: lists are joined, maps are merged, as Gatus does it. */
export interface GatusConfig {
  list(key: string): readonly Placed[];
  /** Each file that has the section. */
  sections(key: string): readonly Placed[];
  /** The section as a whole; empty without it. */
  merged(key: string): Fields;
  /** Where a key below the section stands; of the section without one. */
  place(section: string, key?: string): string;
  /** What stands at the top of any file. */
  readonly keys: readonly string[];
}

interface Part extends YamlSource {
  readonly file: string;
  readonly top: Fields;
}

/** A file, or a folder with all `*.yaml` and `*.yml` below it. */
export async function readGatus(where: string, io: ImportIo): Promise<GatusConfig> {
  const names = await io.list(where);
  const files = names.length === 0 ? [where] : await filesBelow(where, names, io);
  if (files.length === 0) throw unreadable(where, 'the folder has no file that ends with .yaml or .yml');
  const parts: Part[] = [];
  for (const file of files) parts.push(...(await readPart(file, io)));
  if (!parts.some(({ top }) => SECTIONS.some((section) => Object.hasOwn(top, section)))) {
    throw unreadable(where, 'it has neither `endpoints` nor `external-endpoints` nor `suites`');
  }
  return configOf(parts);
}

const SECTIONS = ['endpoints', 'external-endpoints', 'suites'];

async function filesBelow(
  folder: string,
  names: readonly string[],
  io: ImportIo,
  depth = 0,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const name of names) {
    const place = `${folder.replace(/\/+$/, '')}/${name}`;
    if (/\.ya?ml$/.test(name)) files.push(place);
    else if (depth < FOLDERS_DEEP) files.push(...(await filesBelow(place, await io.list(place), io, depth + 1)));
    if (files.length > FILES_MAX) throw unreadable(folder, `it has more than ${FILES_MAX} files`);
  }
  return files;
}

async function readPart(file: string, io: ImportIo): Promise<readonly Part[]> {
  const text = await io.read(file);
  if (text === undefined) throw unreadable(file, 'there is no such file');
  const read = readYaml(text);
  if ('problem' in read) throw unreadable(file, read.problem);
  if (read.content === null || read.content === undefined) return [];
  if (!isFields(read.content)) throw unreadable(file, 'it is not written as keys and values');
  return [{ ...read, file, top: read.content }];
}

function configOf(parts: readonly Part[]): GatusConfig {
  const withSection = (key: string) => parts.filter(({ top }) => Object.hasOwn(top, key));
  return {
    list: (key) =>
      withSection(key).flatMap((part) =>
        listIn(part.top, key).flatMap((entry, index) => {
          return isFields(entry) ? [{ fields: entry, from: placeIn(part, [key, index]) }] : [];
        }),
      ),
    sections: (key) =>
      withSection(key).flatMap((part) => {
        const fields = fieldsIn(part.top, key);
        return fields === undefined ? [] : [{ fields, from: placeIn(part, [key]) }];
      }),
    merged: (key) => withSection(key).reduce<Fields>((sum, part) => merge(sum, fieldsIn(part.top, key) ?? {}), {}),
    place(section, key) {
      const path = key === undefined ? [section] : [section, key];
      const all = withSection(section);
      const part =
        all.find(({ top }) => key === undefined || Object.hasOwn(fieldsIn(top, section) ?? {}, key)) ?? all[0];
      return part === undefined ? section : placeIn(part, path);
    },
    keys: [...new Set(parts.flatMap(({ top }) => Object.keys(top)))],
  };
}

function placeIn({ file, lineOf }: Part, path: readonly (string | number)[]): string {
  return `${file}:${lineOf(path)}`;
}

function merge(one: Fields, other: Fields): Fields {
  const sum: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = Object.hasOwn(sum, key) ? sum[key] : undefined;
    sum[key] = isFields(before) && isFields(value) ? merge(before, value) : value;
  }
  return sum;
}

function unreadable(where: string, problem: string): Error {
  return errors.IMPORT_UNREADABLE({ where, title: 'Gatus', type: 'gatus', example: 'config/config.yaml', problem });
}
