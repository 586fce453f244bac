import path from 'node:path';
import { errors } from '../../errors.ts';
import { type Fields, fieldsIn, isFields } from '../../fields.ts';
import type { ImportIo } from '../../import-source.ts';
import { readYaml, type YamlSource } from '../../yaml-source.ts';

export interface ConfigFile extends YamlSource {
  readonly file: string;
  readonly top: Fields;
}

/** What the two programs are told: how to ask, and whom. */
export interface BlackboxConfig {
  readonly modules: Fields;
  readonly prometheus: ConfigFile;
  place(where: ConfigFile, path: readonly (string | number)[]): string;
}

/** A folder with both files, or either of them: then the other one is looked for beside it. */
export async function readBlackbox(where: string, io: ImportIo): Promise<BlackboxConfig> {
  const isFile = /\.ya?ml$/.test(where);
  const folder = isFile ? path.posix.dirname(where) : where;
  const names = (await io.list(folder)).filter((name) => /\.ya?ml$/.test(name));
  if (isFile && !names.includes(path.posix.basename(where))) throw unreadable(where, 'there is no such file');
  const found: ConfigFile[] = [];
  for (const name of names) {
    const file = path.posix.join(folder, name);
    // Other files of the folder may be anything.
    const read = await readConfig(file, io, file === path.posix.normalize(where));
    if (read !== undefined) found.push(read);
  }
  const modules = chosen(found, 'modules', where);
  const prometheus = chosen(found, 'scrape_configs', where);
  if (modules === undefined)
    throw unreadable(where, `no file in ${folder} has \`modules\`: how to ask stands in blackbox.yml`);
  if (prometheus === undefined) {
    throw unreadable(
      where,
      `no file in ${folder} has \`scrape_configs\`: whom to ask stands in prometheus.yml, which is needed too`,
    );
  }
  return {
    modules: fieldsIn(modules.top, 'modules') ?? {},
    prometheus,
    place: ({ file, lineOf }, at) => `${file}:${lineOf(at)}`,
  };
}

/** The one that was typed before any other. */
function chosen(files: readonly ConfigFile[], key: string, where: string): ConfigFile | undefined {
  const fitting = files.filter(({ top }) => Object.hasOwn(top, key));
  return fitting.find(({ file }) => file === path.posix.normalize(where)) ?? fitting[0];
}

async function readConfig(file: string, io: ImportIo, isAsked: boolean): Promise<ConfigFile | undefined> {
  const text = await io.read(file);
  const read = readYaml(text ?? '');
  if ('problem' in read) {
    if (isAsked) throw unreadable(file, read.problem);
    return undefined;
  }
  return isFields(read.content) ? { ...read, file, top: read.content } : undefined;
}

function unreadable(where: string, problem: string): Error {
  return errors.IMPORT_UNREADABLE({
    where,
    title: 'Blackbox exporter',
    type: 'blackbox',
    example: 'prometheus/',
    problem,
  });
}
