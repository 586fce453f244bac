import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { type Served, startServe, temporaryFolder } from '../support/serve-process.ts';

export interface WorkerPlace {
  readonly databaseUrl: string;
  /** Where the target answers, e.g. `127.0.0.1:1234`. */
  readonly target: string;
}

export const MONITORS = 48;
export const EVERY_MS = 5_000;
/** A lease that has just been renewed, the turn that sees it run out, and a busy machine. */
export const TAKEOVER_MS_MAX = 4_000 + 1_000 + 2_000;
export const RHYTHM = { intervalMs: EVERY_MS, gapMsMax: EVERY_MS + TAKEOVER_MS_MAX };

/** Processes with nothing but the role `checks`, all with the same manifest. */
export function createWorkers(t: TestContext) {
  const folder = temporaryFolder(t);
  return {
    start(name: string, { databaseUrl, target }: WorkerPlace): Promise<Served> {
      const home = path.join(folder, name);
      mkdirSync(home);
      writeFileSync(path.join(home, 'evenkeel.yaml'), MANIFEST);
      const env = { EVENKEEL_DATABASE_URL: databaseUrl, WORKER: name, TARGET: target };
      return startServe(t, { folder: home, env, args: ['--roles', 'checks'] });
    },
  };
}

export function monitorName(index: number): string {
  return `monitor-${index}`;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: Evenkeel fills these in, each process with its own.
const PLACE = { url: 'http://${TARGET}', worker: '${WORKER}' };

export const MANIFEST = [
  'app: shards',
  'monitors:',
  ...Array.from({ length: MONITORS }, (_, index) => {
    const http = `http: "${PLACE.url}/${monitorName(index)}", headers: { x-worker: "${PLACE.worker}" }`;
    return `  ${monitorName(index)}: { ${http}, every: 5s, timeout: 2s, confirm: { down: 2, up: 1 } }`;
  }),
  '',
].join('\n');
