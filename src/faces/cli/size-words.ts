const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** A size for people: `512 B`, `9.8 kB`, `41 MB`, `1.2 GB`. Thousands, as disks are sold. */
export function sizeWords(bytes: number): string {
  let unit = 'B';
  let size = bytes;
  for (const larger of UNITS) {
    if (size < 999.5) break;
    size /= 1_000;
    unit = larger;
  }
  const hasFraction = unit !== 'B' && size < 9.95;
  return `${hasFraction ? size.toFixed(1) : Math.round(size)} ${unit}`;
}
