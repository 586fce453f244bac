import { errors } from '../../errors.ts';
import { type Fields, isFields, listIn } from '../../fields.ts';
import type { ImportIo } from '../../import-source.ts';

export interface Account {
  readonly checks: readonly Fields[];
  /** Those that can be seen. */
  readonly channels: readonly Fields[];
}

const KEY = 'HEALTHCHECKS_API_KEY';

/** The address of a Healthchecks, or a file with what its API answers. */
export async function readHealthchecks(where: string, io: ImportIo): Promise<Account> {
  return /^https?:\/\//.test(where) ? overTheApi(where, io) : fromFile(where, io);
}

async function overTheApi(where: string, io: ImportIo): Promise<Account> {
  const key = io.variable(KEY);
  if (key === undefined)
    throw unreadable(where, `${KEY} is not set: make a key under the settings of the project there`);
  const ask = (what: string) => io.get(`${where.replace(/\/+$/, '')}/api/v3/${what}/`, { 'X-Api-Key': key });
  const answer = await ask('checks');
  if (answer.status === 401 || answer.status === 403)
    throw unreadable(where, `it does not take the key in ${KEY} (status ${answer.status})`);
  if (answer.status !== 200) throw unreadable(where, `it answered status ${answer.status}`);
  // Who is told is shown to some keys only, and nothing of it can be carried over anyway.
  const channels = await ask('channels');
  return {
    checks: checksIn(answer.text, where),
    channels: channels.status === 200 ? fieldsOf(parsed(channels.text), 'channels') : [],
  };
}

async function fromFile(where: string, io: ImportIo): Promise<Account> {
  const text = await io.read(where);
  if (text === undefined) throw unreadable(where, 'there is no such file');
  return { checks: checksIn(text, where), channels: fieldsOf(parsed(text), 'channels') };
}

function checksIn(text: string, where: string): readonly Fields[] {
  const content = parsed(text);
  if (isFields(content) && Array.isArray(content['checks'])) return fieldsOf(content, 'checks');
  throw unreadable(where, 'it is no JSON with `checks` in it');
}

function fieldsOf(content: unknown, key: string): readonly Fields[] {
  return isFields(content) ? listIn(content, key).filter(isFields) : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(where: string, problem: string): Error {
  return errors.IMPORT_UNREADABLE({
    where,
    title: 'Healthchecks',
    type: 'healthchecks',
    example: 'https://healthchecks.io',
    problem,
  });
}
