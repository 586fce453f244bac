import { roughly } from './time-words.ts';

/** What is measured as a share of the whole. */
const SHARES: ReadonlySet<string> = new Set(['cpu', 'memory', 'swap', 'disk', 'inodes', 'error_rate', 'db_pool']);

/** `cpu 12 %, disk:/var 71.4 %, queue 14`; null when nothing was measured. */
export function readingsWords(readings: Readonly<Record<string, number>>): string | null {
  const words = Object.entries(readings).map(([name, value]) => `${name} ${valueWords(name, value)}`);
  return words.length === 0 ? null : words.join(', ');
}

function valueWords(name: string, value: number): string {
  const [kind = ''] = name.split(':');
  if (SHARES.has(kind)) return `${(value * 100).toLocaleString('en', { maximumFractionDigits: 1 })} %`;
  if (kind === 'duration' || /^p\d+$/.test(kind)) return roughly(value);
  return value.toLocaleString('en', { maximumFractionDigits: 3 });
}
