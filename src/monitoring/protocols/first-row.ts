/** The first row that a query answered, column by column. */
export type Row = readonly (readonly [name: string, value: unknown])[];

/** What [BODY] stands for: the value where there is one column, otherwise the row as JSON; nothing for no row. */
export function bodyOf(row: Row | undefined): string {
  if (row === undefined) return '';
  const [[, only] = []] = row;
  if (row.length === 1) return typeof only === 'string' ? only : (JSON.stringify(only) ?? '');
  return JSON.stringify(Object.fromEntries(row));
}
