import path from 'node:path';
import { errors } from '../../errors.ts';
import { asText, type Fields, fieldsIn, isFields } from '../../fields.ts';
import type { ImportIo } from '../../import-source.ts';
import { readYaml } from '../../yaml-source.ts';

/** As Docker Compose looks for them. */
const FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

export interface ComposeService {
  readonly name: string;
  readonly fields: Fields;
  /** E.g. `compose.yaml:12`; of one of its keys. */
  place(key?: string): string;
}

export interface ComposeProject {
  /** Undefined when neither the file nor its folder says it. */
  readonly project: string | undefined;
  readonly services: readonly ComposeService[];
  readonly notes: readonly string[];
}

/** A file, or a folder with one. */
export async function readCompose(where: string, io: ImportIo): Promise<ComposeProject> {
  const file = await fileAt(where, io);
  const text = await io.read(file);
  if (text === undefined) throw unreadable(where, 'there is no such file');
  const read = readYaml(text);
  if ('problem' in read) throw unreadable(file, read.problem);
  const top = read.content;
  const services = isFields(top) ? fieldsIn(top, 'services') : undefined;
  if (!isFields(top) || services === undefined) throw unreadable(file, 'it has no `services`');
  return {
    project: projectOf(top, file, io),
    services: Object.entries(services).flatMap(([name, fields]) => {
      const place = (key?: string) => `${file}:${read.lineOf(['services', name, ...(key === undefined ? [] : [key])])}`;
      return isFields(fields) ? [{ name, fields, place }] : [];
    }),
    notes: [
      ...(await notesOn(file, io)),
      ...(Object.hasOwn(top, 'include') ? ['What it includes (`include`) was not read.'] : []),
    ],
  };
}

async function fileAt(where: string, io: ImportIo): Promise<string> {
  const names = await io.list(where);
  if (names.length === 0) return where;
  const name = FILES.find((each) => names.includes(each));
  if (name === undefined) throw unreadable(where, `the folder has no ${FILES.join(', ')}`);
  return path.posix.join(where, name);
}

async function notesOn(file: string, io: ImportIo): Promise<readonly string[]> {
  const names = await io.list(path.posix.dirname(file));
  const further = names.filter((name) => /^(?:docker-)?compose\.override\.ya?ml$/.test(name));
  return further.map((name) => `${name} was not read: it changes for one machine what the other file says.`);
}

/** As Docker Compose makes it of a folder when nothing else names it. */
function projectOf(top: Fields, file: string, io: ImportIo): string | undefined {
  const named = asText(top['name']) ?? io.variable('COMPOSE_PROJECT_NAME');
  if (named !== undefined) return /[$]/.test(named) ? undefined : named;
  const folder = path.posix.basename(path.posix.dirname(path.posix.normalize(file)));
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
  return folder === '.' || folder === '..' || name === '' ? undefined : name;
}

function unreadable(where: string, problem: string): Error {
  return errors.IMPORT_UNREADABLE({
    where,
    title: 'Docker Compose',
    type: 'compose',
    example: 'compose.yaml',
    problem,
  });
}
