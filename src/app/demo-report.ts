import type { MonitorNow } from '../contracts/facts.ts';

export interface DemoReport {
  readonly address: string;
  /** As the person would type it. */
  readonly dataDir: string;
  readonly monitors: readonly MonitorNow[];
  /** Where the api of the shop listens, when that is not its usual port; the switch has to be told then. */
  readonly apiPort: number | null;
}

/** What a newcomer sees first: where the page is, what is watched, what came of it, and what to try. */
export function firstResults({ address, dataDir, monitors, apiPort }: DemoReport): string {
  const breaker = `${apiPort === null ? '' : `API_PORT=${apiPort} `}node_modules/.bin/node examples/shop/break.ts`;
  const width = Math.max(...monitors.map(({ name }) => name.length));
  const lines = monitors.map(({ name, state, latencyMs, target }) => {
    const took = latencyMs === null ? '' : `${Math.round(latencyMs)} ms`;
    return `    ${name.padEnd(width)}  ${state.padEnd(8)} ${took.padStart(7)}  ${target}`;
  });
  return [
    '',
    `  Status page   ${address}/`,
    `  Log           ${dataDir}/demo.log`,
    '',
    `  Watched every 5 seconds:`,
    '',
    ...lines,
    '',
    '  Try in another terminal:',
    '',
    `    ${breaker} api down    break it, and look at the page`,
    `    ${breaker} api off     mend it`,
    `    EVENKEEL_DATA_DIR=${dataDir} npx evenkeel status`,
    '',
    '  Ctrl-C ends everything.',
  ].join('\n');
}
