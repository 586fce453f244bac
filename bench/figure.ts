/** One measured number, and what it is held against where the design names a limit. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: Target;
}

export type Target = { readonly atLeast: number } | { readonly atMost: number };

export interface Report {
  readonly name: string;
  readonly summary: string;
  readonly figures: readonly Figure[];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function asTable({ name, summary, figures }: Report): string {
  const rows = figures.map((figure) => [figure.name, shown(figure.value), figure.unit, targetOf(figure)] as const);
  const width = (column: 0 | 1 | 2) => Math.max(...rows.map((row) => row[column].length));
  const lines = rows.map(([label, value, unit, target]) =>
    `  ${label.padEnd(width(0))}  ${value.padStart(width(1))} ${unit.padEnd(width(2))}  ${target}`.trimEnd(),
  );
  return [`${name}: ${summary}`, ...lines, '', ''].join('\n');
}

export function asJson(reports: readonly Report[]): string {
  const documents = reports.map((report) => ({
    ...report,
    figures: report.figures.map((figure) => ({ ...figure, isMet: isMet(figure) })),
  }));
  return `${JSON.stringify(documents, null, 2)}\n`;
}

function isMet({ value, target }: Figure): boolean | null {
  if (target === undefined) return null;
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
}

function targetOf(figure: Figure): string {
  const { target } = figure;
  if (target === undefined) return '';
  const wanted = 'atLeast' in target ? `at least ${shown(target.atLeast)}` : `at most ${shown(target.atMost)}`;
  return `${wanted}: ${isMet(figure) === true ? 'met' : 'missed'}`;
}

/** A measurement on a shared machine is worth no more than two or three digits. */
function shown(value: number): string {
  const digits = Math.abs(value) >= 10 || Number.isInteger(value) ? 0 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
