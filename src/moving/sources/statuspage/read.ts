import { errors } from '../../errors.ts';
import { type Fields, fieldsIn, isFields, listIn } from '../../fields.ts';
import type { ImportIo } from '../../import-source.ts';

export interface StatusSummary {
  readonly page: Fields;
  readonly components: readonly Fields[];
  readonly incidents: readonly Fields[];
  readonly maintenances: readonly Fields[];
}

/** The address of a page, or a file with its `/api/v2/summary.json`. */
export async function readSummary(where: string, io: ImportIo): Promise<StatusSummary> {
  const text = /^https?:\/\//.test(where) ? await published(where, io) : await io.read(where);
  if (text === undefined) throw unreadable(where, 'there is no such file');
  const content = parsed(text);
  const page = isFields(content) ? fieldsIn(content, 'page') : undefined;
  if (!isFields(content) || page === undefined || !Array.isArray(content['components'])) {
    throw unreadable(
      where,
      'it is no JSON with `page` and `components` in it, as Statuspage publishes it at /api/v2/summary.json',
    );
  }
  const list = (key: string) => listIn(content, key).filter(isFields);
  return {
    page,
    components: list('components'),
    incidents: list('incidents'),
    maintenances: list('scheduled_maintenances'),
  };
}

async function published(where: string, io: ImportIo): Promise<string> {
  const url = where.endsWith('.json') ? where : `${where.replace(/\/+$/, '')}/api/v2/summary.json`;
  const { status, text } = await io.get(url);
  if (status !== 200) throw unreadable(where, `it answered status ${status} for ${url.slice(where.length) || 'it'}`);
  return text;
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
    title: 'Statuspage',
    type: 'statuspage',
    example: 'https://status.shop.example',
    problem,
  });
}
