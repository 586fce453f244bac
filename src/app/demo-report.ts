import type { MonitorNow } from '../contracts/facts.ts';
import { SECOND_MS } from '../kernel/clock.ts';
import type { BackupOutcome } from './demo-backup.ts';
import type { RehearsalStep } from './demo-rehearsal.ts';

/** The Node that came with the packages: an older one in the PATH cannot run TypeScript. */
const BREAKER = 'node_modules/.bin/node examples/shop/break.ts';

export interface Places {
  readonly page: string;
  readonly chat: string;
  readonly shop: string;
  /** As the person would type it. */
  readonly dataDir: string;
}

export const beginning = '\n  Starting the example shop, and an Evenkeel that watches it. Ctrl-C ends everything.\n';

/** What a newcomer sees first: where everything is, what is watched, and what came of it. */
export function firstResults({ page, chat, shop, dataDir }: Places, monitors: readonly MonitorNow[]): string {
  const rows = monitors.map(({ name, state, latencyMs, target }) => {
    const took = latencyMs === null ? '' : `${Math.round(latencyMs)} ms`;
    return [name, state, took.padStart(7), target];
  });
  return [
    ...aligned([
      ['Status page', `${page}/`],
      ['Team chat', `${chat}/`],
      ['Shop', `${shop}/`],
      ['Log', `${dataDir}/demo.log`],
    ]).map((line) => `  ${line}`),
    '',
    '  1  Watched every 5 seconds',
    '',
    ...aligned(rows).map((line) => `     ${line}`),
    '',
  ].join('\n');
}

export const backupBegins = '  2  Backed up, and proven by a restore\n';

export function backupResult(result: BackupOutcome): string {
  if (result.outcome === 'failed') return steps([`It did not work: ${result.message}`, result.hint]);
  const { tables, rows, assertions, tookMs } = result.proof;
  return steps([
    `A backup of the shop's database was taken: ${kilobytes(result.bytes)}, encrypted and signed.`,
    `It was proven by a restore: ${tables} tables, ${rows} rows, ${assertions} questions, ${seconds(tookMs)}.`,
  ]);
}

export const rehearsalBegins = '\n  3  Broken on purpose, once\n';

export function rehearsalLine(said: RehearsalStep): string {
  if (said.step === 'told') {
    return steps([
      `Sure after ${seconds(said.sureAfterMs)}: ${said.title}`,
      `Alert delivered ${seconds(said.tookMs)} after we were sure. The team chat shows it.`,
    ]);
  }
  if (said.step === 'over') return step(`Its end delivered ${seconds(said.tookMs)} after we were sure: ${said.title}`);
  return step(PLAIN[said.step]);
}

const PLAIN = {
  broken: 'The api of the shop cuts every connection now. Two failed checks in a row, and we are sure.',
  mended: 'The api is mended. As soon as everything works again, the team hears of that, too.',
  silent: 'Nobody was told within 30 s. `evenkeel alert deliveries` shows why.',
} as const;

/** `apiPort` is null where the api has its usual port; the switch has to be told otherwise. */
export function whatNext({ dataDir }: Pick<Places, 'dataDir'>, apiPort: number | null): string {
  const breaker = `${apiPort === null ? '' : `API_PORT=${apiPort} `}${BREAKER}`;
  return [
    '',
    '  Now it is yours. In another terminal:',
    '',
    ...aligned([
      [`export EVENKEEL_DATA_DIR=${dataDir}`],
      ['npx evenkeel status', 'how everything is'],
      ['npx evenkeel backup list', 'what is kept, and what was proven'],
      ['npx evenkeel alert deliveries', 'what was sent, and when it arrived'],
      [`${breaker} api down`, 'break it, and look at page and chat'],
      [`${breaker} api off`, 'mend it'],
    ]).map((line) => `    ${line}`),
    '',
    '  Ctrl-C ends everything.',
  ].join('\n');
}

export const ending = '\n  Stopping the shop and Evenkeel.\n';

function steps(texts: readonly string[]): string {
  return texts.map(step).join('\n');
}

function step(text: string): string {
  return `     ${text}`;
}

/** Columns as wide as their widest cell; a row of one cell stands for itself. */
function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const several = rows.filter((row) => row.length > 1);
  const widths = several[0]?.map((_cell, column) => Math.max(...several.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Never less than it was. */
function seconds(ms: number): string {
  return `${Math.max(0.1, Math.ceil(ms / (SECOND_MS / 10)) / 10)} s`;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000)} kB`;
}
