import { parseDuration } from '../kernel/duration.ts';
import { Unlike } from './unlike.ts';

/** A map of a file whose shape is not known to be right. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function fieldsIn(fields: Fields, key: string): Fields | undefined {
  const value = own(fields, key);
  return isFields(value) ? value : undefined;
}

/** Empty for what is no list. */
export function listIn(fields: Fields, key: string): readonly unknown[] {
  const value = own(fields, key);
  return Array.isArray(value) ? value : [];
}

/** Undefined for what is missing, empty, or no text; a number is the text that it is written as. */
export function textIn(fields: Fields, key: string): string | undefined {
  return asText(own(fields, key));
}

export function asText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Throws `Unlike` for what is neither yes nor no, such as a variable. */
export function flagIn(fields: Fields, key: string): boolean | undefined {
  const value = own(fields, key);
  if (value === undefined || value === null) return undefined;
  const flag = FLAGS.get(asText(value)?.toLowerCase() ?? '');
  if (flag === undefined) throw new Unlike(`Its \`${key}\` is neither true nor false; write it out.`);
  return flag;
}

const FLAGS = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['no', false],
  ['off', false],
]);

/** Throws `Unlike` for what is no whole number, such as a variable. */
export function countIn(fields: Fields, key: string): number | undefined {
  const value = own(fields, key);
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new Unlike(`Its \`${key}\` is no whole number; write it out.`);
}

/** Milliseconds. Throws `Unlike` for what is no duration, such as a variable. */
export function durationIn(fields: Fields, key: string): number | undefined {
  const value = own(fields, key);
  if (value === undefined || value === null || value === 0) return undefined;
  const ms = typeof value === 'string' ? parseDuration(value.trim()) : undefined;
  if (ms === undefined) throw new Unlike(`Its \`${key}\` is no duration such as 1m30s; write it out.`);
  return ms;
}

function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}
