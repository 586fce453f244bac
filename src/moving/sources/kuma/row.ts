import type { Row } from '../../import-source.ts';

/** Columns of a row as what they mean: SQLite has no booleans, and an empty text there means nothing. */

export function textIn(row: Row, column: string): string | undefined {
  const value = row[column];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export function numberIn(row: Row, column: string): number | undefined {
  const value = row[column];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function flagIn(row: Row, column: string): boolean {
  const value = row[column];
  return value === true || value === 1 || value === '1' || value === 'true';
}

/** What a column with JSON in it says; undefined when it is empty or no JSON. */
export function jsonIn(row: Row, column: string): unknown {
  const value = row[column];
  if (typeof value !== 'string') return value ?? undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
