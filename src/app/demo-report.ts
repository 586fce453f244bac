import type { MonitorNow } from '../contracts/facts.ts';

export interface DemoReport {
  readonly address: string;
  readonly dataDir: string;
  readonly monitors: readonly MonitorNow[];
}

/** What a newcomer sees first: where the page is, what is watched, what came of it, and what to try. */
export function firstResults({ address, dataDir, monitors }: DemoReport): string {
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
    '    node_modules/.bin/node examples/shop/break.ts api down    break it, and look at the page',
    '    node_modules/.bin/node examples/shop/break.ts api off     mend it',
    `    EVENKEEL_DATA_DIR=${dataDir} npx evenkeel status`,
    '',
    '  Ctrl-C ends everything.',
  ].join('\n');
}
