import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../test/support/servers/server.ts';
import { type Benchmark, runBenchmarks } from './benchmark.ts';
import { type Figure, median } from './figure.ts';
import { type Memory, type RunningServer, startNode } from './server-process.ts';

const START_MAX_MS = 500;
const MEMORY_MAX_MB = 130;
const MONITORS = 5;
const IDLE_S = 30;
/** Starting is short and varies; it takes more rounds than the rest. */
const STARTS_PER_ROUND = 3;
const PROGRAM = path.join(import.meta.dirname, '../bin/evenkeel.js');
const BARE = "require('node:http').createServer((q, s) => s.end('ok')).listen(+process.env.PORT, '127.0.0.1')";

interface Start {
  readonly ms: number;
  readonly waitedMs: number | null;
}

interface Round {
  readonly evenkeel: Start;
  readonly bare: Start;
}

export const startup: Benchmark = {
  name: 'startup',
  summary: `from nothing to the first 200 of /health, and memory after ${IDLE_S} s with ${MONITORS} monitors`,
  async measure({ rounds }) {
    await using ending = new AsyncDisposableStack();
    const start = await starters(ending);
    const firstEver = await startOnce(start.evenkeel);
    const measured: Round[] = [];
    for (let round = 0; round < rounds * STARTS_PER_ROUND; round += 1) {
      measured.push({ evenkeel: await startOnce(start.evenkeel), bare: await startOnce(start.bare) });
    }
    const ofEvenkeel = measured.map((round) => round.evenkeel);
    const evenkeel = median(ofEvenkeel.map(({ ms }) => ms));
    const bare = median(measured.map((round) => round.bare.ms));
    return [
      { name: 'start', value: evenkeel, unit: 'ms', target: { atMost: START_MAX_MS } },
      ...waitingFigures(ofEvenkeel),
      { name: 'start of a bare node:http', value: bare, unit: 'ms' },
      { name: 'start / bare', value: evenkeel / bare, unit: 'ratio' },
      { name: 'very first start, nothing cached', value: firstEver.ms, unit: 'ms' },
      ...memoryFigures(await idle(start)),
    ];
  },
};

interface Starters {
  readonly evenkeel: () => Promise<RunningServer>;
  readonly bare: () => Promise<RunningServer>;
}

/** One data folder and one compile cache for all starts: only the very first one finds them empty. */
async function starters(ending: AsyncDisposableStack): Promise<Starters> {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-bench-'));
  ending.defer(() => rmSync(folder, { recursive: true }));
  const manifest = path.join(folder, 'evenkeel.yaml');
  writeFileSync(manifest, manifestFor(await watchedServer(ending)));
  const [port, barePort] = [String(await freePort()), String(await freePort())];
  const environment = {
    NODE_COMPILE_CACHE: path.join(folder, 'cache'),
    EVENKEEL_MANIFEST: manifest,
    EVENKEEL_DATA_DIR: path.join(folder, 'data'),
    EVENKEEL_PORT: port,
  };
  return {
    evenkeel: () => startNode({ argv: [PROGRAM, 'serve'], environment, url: `http://127.0.0.1:${port}/health` }),
    bare: () =>
      startNode({ argv: ['-e', BARE], environment: { PORT: barePort }, url: `http://127.0.0.1:${barePort}/health` }),
  };
}

/** Something to watch that always answers. */
async function watchedServer(ending: AsyncDisposableStack): Promise<number> {
  const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
  return (server.address() as AddressInfo).port;
}

function manifestFor(port: number): string {
  const services = Array.from(
    { length: MONITORS },
    (_, index) => `  service-${index}: { url: "http://127.0.0.1:${port}", every: 5s }`,
  );
  return ['app: bench', 'services:', ...services, ''].join('\n');
}

async function startOnce(start: () => Promise<RunningServer>): Promise<Start> {
  const { startMs, startWaitedMs, stop } = await start();
  await stop();
  return { ms: startMs, waitedMs: startWaitedMs };
}

/** What the start would take if nobody else used the machine: this is the figure to compare on a busy one. */
function waitingFigures(starts: readonly Start[]): readonly Figure[] {
  const own = starts.flatMap(({ ms, waitedMs }) => (waitedMs === null ? [] : [ms - waitedMs]));
  return own.length === 0
    ? []
    : [{ name: 'start, less the wait for a busy processor', value: median(own), unit: 'ms' }];
}

async function idle({ evenkeel, bare }: Starters): Promise<{ evenkeel: Memory | null; bare: Memory | null }> {
  const servers = [await evenkeel(), await bare()] as const;
  await sleep(IDLE_S * 1_000);
  const [one, other] = servers.map(({ memory }) => memory());
  await Promise.all(servers.map((server) => server.stop()));
  return { evenkeel: one ?? null, bare: other ?? null };
}

function memoryFigures({ evenkeel, bare }: { evenkeel: Memory | null; bare: Memory | null }): readonly Figure[] {
  if (evenkeel === null || bare === null) return [];
  return [
    { name: 'memory, resident', value: evenkeel.rss, unit: 'MB', target: { atMost: MEMORY_MAX_MB } },
    { name: 'memory, resident, of a bare node:http', value: bare.rss, unit: 'MB' },
    { name: 'memory, shared pages in proportion', value: evenkeel.pss, unit: 'MB' },
    { name: 'memory, the same of a bare node:http', value: bare.pss, unit: 'MB' },
  ];
}

if (import.meta.main) await runBenchmarks([startup]);
