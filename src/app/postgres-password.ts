import { readFileSync } from 'node:fs';
import path from 'node:path';
import { codeOf } from '../kernel/errors.ts';
import type { Variables } from './config.ts';
import { errors } from './errors.ts';

/** What a line of a password file is compared with. */
export interface PasswordFor {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
}

/**
 * The password as every client of PostgreSQL finds it: PGPASSWORD, or the first line that fits in PGPASSFILE or
 * ~/.pgpass (https://www.postgresql.org/docs/current/libpq-pgpass.html). Undefined when there is none.
 */
export function postgresPassword(wanted: PasswordFor, variables: Variables): string | undefined {
  const { PGPASSWORD: password, PGPASSFILE: named, HOME: home } = variables;
  if (password !== undefined && password !== '') return password;
  if (named !== undefined && named !== '') return inFile(readNamed(named), wanted);
  return home === undefined ? undefined : inFile(readIfThere(path.join(home, '.pgpass')), wanted);
}

function inFile(text: string, { host, port, database, user }: PasswordFor): string | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of lines) {
    const fields = fieldsOf(line);
    const fits = [host, port, database, user].every((value, index) => ['*', value].includes(fields[index] ?? ''));
    if (fits) return fields[4];
  }
  return undefined;
}

/** `\:` and `\\` stand for themselves; the password is all that is left, colons included. */
function fieldsOf(line: string): readonly string[] {
  const parts = line.match(/(?:\\.|[^:\\])+|:/g) ?? [];
  const fields = [''];
  for (const part of parts) {
    const last = fields.length - 1;
    if (part === ':' && fields.length < 5) fields.push('');
    else fields[last] += part.replaceAll(/\\(?<escaped>.)/g, '$<escaped>');
  }
  return fields;
}

function readNamed(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw errors.CONFIG_FILE_UNREADABLE({ variable: 'PGPASSFILE', path: file, cause: codeOf(cause) }, { cause });
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return '';
    throw error;
  }
}
