import { formatDuration } from '../../kernel/duration.ts';
import { printValue } from './limit.ts';
import { kindOfReading, type Level, type Rule } from './rule.ts';

const WORDS: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  memory: 'memory',
  disk: 'disk',
  db_pool: 'the pool of database connections',
  p95: 'the response time of 95 in 100 answers',
  error_rate: 'the share of errors',
};

/** `disk /var`, `CPU`, or the name itself where nobody has given it words. */
function words(reading: string): string {
  const kind = kindOfReading(reading);
  const rest = reading.slice(kind.length + 1);
  const said = WORDS[kind] ?? kind;
  return rest === '' ? said : `${said} ${rest}`;
}

/** `Disk /var is at 91%, above 90% for 5m.` */
export function reasonOf(
  rule: Rule,
  { reading, value, level }: { reading: string; value: number; level: Level },
): string {
  const step = rule.steps.find((candidate) => candidate.level === level) ?? rule.steps[0];
  const lasted = step.forMs > 0 ? ` for ${formatDuration(step.forMs)}` : '';
  const said = words(reading);
  const limit = printValue(step.limit, rule.unit);
  return `${said[0]?.toUpperCase()}${said.slice(1)} is at ${printValue(value, rule.unit)}, ${rule.side} ${limit}${lasted}.`;
}
