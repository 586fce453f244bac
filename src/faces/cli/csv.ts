import type { ExportSubject } from '../http/contract.ts';
import { printable } from './styled.ts';

const COLUMNS: Readonly<Record<ExportSubject, readonly string[]>> = {
  monitors: [
    'name',
    'type',
    'description',
    'target',
    'state',
    'since',
    'reason',
    'lastCheckedAt',
    'latencyMs',
    'intervalMs',
    'dependsOn',
    'rootCause',
    'unconfirmed',
    'locations',
    'readings',
  ],
  changes: ['monitor', 'at', 'state', 'reason'],
  results: ['monitor', 'at', 'state', 'latencyMs', 'reason'],
};

/** The fields of the API, by their names there; a new one goes to the end. */
export function csvColumns(what: ExportSubject): readonly string[] {
  return COLUMNS[what];
}

export type CsvValue = string | number | boolean | readonly string[] | null | undefined;

/** One record after RFC 4180, ended by a line feed alone as Unix tools expect it. */
export function csvLine(cells: readonly CsvValue[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

/** What a spreadsheet takes for the beginning of a formula (OWASP, "CSV injection"). */
const FORMULA = /^[\s]*[=+\-@\t\r]/;

function csvCell(value: CsvValue): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : value.join(' ');
  const harmless = printable(FORMULA.test(text) ? `'${text}` : text);
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
