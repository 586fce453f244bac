import { dialects } from '../dialects/index.ts';
import type { CheckResult, Part } from '../monitor-type.ts';
import type { Dialect, HealthAnswer, HealthReading } from './dialect.ts';
import type { DialectChoice } from './dialect-choice.ts';

export async function readHealth(answer: HealthAnswer, choice: DialectChoice): Promise<HealthReading | undefined> {
  if (choice !== 'auto') return (await dialects[choice]()).read(answer);
  for (const load of Object.values(dialects)) {
    const dialect: Dialect = await load();
    if (dialect.recognises(answer)) return dialect.read(answer);
  }
  return undefined;
}

/** What was asked, and what came back. */
export interface Heard extends Omit<HealthAnswer, 'json'> {
  /** For people, e.g. `shop.example/health`. */
  readonly place: string;
}

/**
 * What a check found by itself, and what the program says of itself and its parts: the worst counts. A part that fails
 * while the program says that it is well makes it degraded.
 */
export async function withHealth(own: CheckResult, heard: Heard, choice: DialectChoice): Promise<CheckResult> {
  const { place, ...answer } = heard;
  const reading = await readHealth({ ...answer, json: parsed(heard.text) }, choice);
  if (reading !== undefined) return joined(own, reading, place);
  if (choice === 'auto' || own.state === 'down') return own;
  return worsened(own, 'degraded', `${place} does not say how it is in the dialect ${choice}.`);
}

function joined(own: CheckResult, { state, parts }: HealthReading, place: string): CheckResult {
  const found = { ...own, ...(parts.length > 0 && { parts }) };
  const bad = badOf(parts);
  if (own.state === 'down') return bad === '' ? found : worsened(found, 'down', `It says that ${bad}.`);
  const says = `${place} says that`;
  if (state === 'down' || state === 'degraded') {
    return worsened(found, state, `${says} it is ${state}${bad === '' ? '' : `: ${bad}`}.`);
  }
  return bad === '' ? found : worsened(found, 'degraded', `${says} ${bad}.`);
}

function worsened(own: CheckResult, state: 'down' | 'degraded', reason: string): CheckResult {
  const before = own.state === 'up' ? '' : `${own.reason} `;
  return { ...own, state, reason: before + reason };
}

const TOLD_MAX = 3;

/** The worst first, e.g. `db is down (connection refused), cache is degraded and 4 more are not well`. */
function badOf(parts: readonly Part[]): string {
  const bad = (['down', 'degraded'] as const).flatMap((state) => parts.filter((part) => part.state === state));
  const told = bad
    .slice(0, TOLD_MAX)
    .map(({ name, state, detail }) => `${name} is ${state}${detail === null ? '' : ` (${detail})`}`)
    .join(', ');
  return bad.length > TOLD_MAX ? `${told} and ${bad.length - TOLD_MAX} more are not well` : told;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
