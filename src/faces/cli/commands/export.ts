import type { ExportLine, ExportSubject } from '../../http/contract.ts';
import { defineCommand } from '../command.ts';
import { type CsvValue, csvColumns, csvLine } from '../csv.ts';
import { EXIT } from '../exit-codes.ts';
import { encodeJson } from '../json-text.ts';
import { choiceWithDefault, durationOption } from '../options.ts';

const SUBJECTS = ['monitors', 'changes', 'results'] as const satisfies readonly ExportSubject[];
const FORMATS = ['ndjson', 'csv'] as const;

/** Lines are gathered into pieces of about this many characters: one write for each line would be slow. */
const PIECE_CHARS = 64 * 1024;

export const exportData = defineCommand({
  name: 'export',
  kind: 'read',
  summary: 'Take the data with you: monitors, state changes, check results.',
  description: [
    'Oldest first, as it arrives: an export may be larger than memory. NDJSON is one JSON object a line.',
    'In CSV, text that a spreadsheet would run as a formula is preceded by an apostrophe.',
  ].join('\n'),
  options: {
    what: choiceWithDefault(SUBJECTS, 'changes', { placeholder: 'subject', summary: 'What to export.' }),
    since: durationOption('duration', 'How far back, e.g. 7d. Default: everything there is.'),
    format: choiceWithDefault(FORMATS, 'ndjson', { placeholder: 'format', summary: 'How to write it.' }),
  },
  exitStatus: { 0: 'Exported to its end.', 6: 'It broke off; what was written is not whole.' },
  examples: [
    'evenkeel export --what results --since 7d > results.ndjson',
    'evenkeel export --what changes --format csv > changes.csv',
    'evenkeel export --what monitors | jq -r .name',
  ],

  async run({ what, since, format }, { api, clock, stream }) {
    const range = since === undefined ? {} : { since: new Date(clock.now() - since).toISOString() };
    let piece = format === 'csv' ? csvLine(csvColumns(what)) : '';
    for await (const each of api.export({ what, ...range })) {
      piece += format === 'csv' ? csvLine(cellsOf(each, what)) : `${encodeJson(each)}\n`;
      if (piece.length >= PIECE_CHARS) {
        await stream(piece);
        piece = '';
      }
    }
    if (piece !== '') await stream(piece);
    return EXIT.ok;
  },
});

function cellsOf(each: ExportLine, what: ExportSubject): readonly CsvValue[] {
  const flat = each.what === 'monitor' ? flattened(each) : each;
  const values = new Map<string, CsvValue>(Object.entries(flat));
  return csvColumns(what).map((column) => values.get(column));
}

/** Lists share one cell: `fra:down nyc:up`, `cpu=0.12 disk:/=0.7`. */
function flattened(monitor: Extract<ExportLine, { what: 'monitor' }>) {
  const readings = Object.entries(monitor.readings).map(([name, value]) => `${name}=${value}`);
  return { ...monitor, locations: monitor.locations.map(locationWords), readings };
}

/** `fra:down`. */
function locationWords({ name, state }: { readonly name: string; readonly state: string }): string {
  return `${name}:${state}`;
}
