import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../test/support/servers/server.ts';
import { type Benchmark, runBenchmarks } from './benchmark.ts';
import { type Figure, median, percentile } from './figure.ts';
import { startNode } from './server-process.ts';

const SERVICES = 25;
const ROUND_MS_MAX = 30_000;
const P99_MAX_MS = 200;
const PROGRAM = path.join(import.meta.dirname, '../bin/evenkeel.js');

interface Round {
  /** From the instant we were sure to the instant the receiver had it. */
  readonly openedMs: readonly number[];
  readonly resolvedMs: readonly number[];
  /** A POST of about the same body by `node:http`, to the same receiver, at the same time. */
  readonly bareMs: readonly number[];
}

interface Arrival {
  readonly type: string;
  readonly sureAt: number;
  readonly at: number;
}

export const delivery: Benchmark = {
  name: 'delivery',
  summary: `${SERVICES} services fail at once; from being sure to the webhook received`,
  async measure({ rounds }) {
    await using ending = new AsyncDisposableStack();
    const target = await listening(ending, createServer());
    let isBroken = false;
    target.server.on('request', (_incoming, outgoing) => outgoing.writeHead(isBroken ? 503 : 200).end());
    const receiver = await webhookReceiver(ending);
    await startEvenkeel(ending, { target: target.port, receiver: receiver.port });
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      isBroken = true;
      const opened = await receiver.next('alert.opened');
      const bareMs = await barePosts(receiver.port);
      isBroken = false;
      const resolved = await receiver.next('alert.resolved');
      measured.push({ openedMs: opened.map(tookMs), resolvedMs: resolved.map(tookMs), bareMs });
    }
    return figuresOf(measured);
  },
};

function figuresOf(rounds: readonly Round[]): readonly Figure[] {
  const opened = rounds.flatMap(({ openedMs }) => openedMs);
  const resolved = rounds.flatMap(({ resolvedMs }) => resolvedMs);
  const bare = rounds.flatMap(({ bareMs }) => bareMs);
  return [
    { name: 'alert, p50', value: median(opened), unit: 'ms' },
    { name: 'alert, p99', value: percentile(opened, 0.99), unit: 'ms', target: { atMost: P99_MAX_MS } },
    { name: 'its end, p50', value: median(resolved), unit: 'ms' },
    { name: 'its end, p99', value: percentile(resolved, 0.99), unit: 'ms', target: { atMost: P99_MAX_MS } },
    { name: 'a bare POST to the same receiver, p50', value: median(bare), unit: 'ms' },
    { name: 'alert / bare, p50', value: median(opened) / median(bare), unit: 'ratio' },
    { name: 'alerts measured', value: opened.length, unit: 'alerts' },
  ];
}

function tookMs({ sureAt, at }: Arrival): number {
  return at - sureAt;
}

/** Services that share nothing, so that each failure is an alert of its own. */
async function startEvenkeel(
  ending: AsyncDisposableStack,
  { target, receiver }: { readonly target: number; readonly receiver: number },
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'evenkeel-bench-'));
  ending.defer(() => rmSync(folder, { recursive: true }));
  const manifest = path.join(folder, 'evenkeel.yaml');
  const services = Array.from(
    { length: SERVICES },
    (_, index) => `  service-${index}: { url: "http://127.0.0.1:${target}", every: 1s, confirm: 1 }`,
  );
  const channel = `channels: { dev: { webhook: "http://127.0.0.1:${receiver}" } }`;
  writeFileSync(manifest, ['app: bench', 'services:', ...services, channel, ''].join('\n'));
  const port = String(await freePort());
  const server = await startNode({
    argv: [PROGRAM, 'serve'],
    environment: {
      EVENKEEL_MANIFEST: manifest,
      EVENKEEL_DATA_DIR: path.join(folder, 'data'),
      EVENKEEL_PORT: port,
    },
    url: `http://127.0.0.1:${port}/health`,
  });
  ending.defer(() => server.stop());
  // Everything is checked once, so that what fails afterwards was well before.
  await sleep(3_000);
}

async function webhookReceiver(ending: AsyncDisposableStack) {
  const arrivals: Arrival[] = [];
  const { server, port } = await listening(ending, createServer());
  server.on('request', (incoming, outgoing) => void take(incoming, outgoing));

  return {
    port,
    /** Takes out one of this type for each service. */
    async next(type: string): Promise<readonly Arrival[]> {
      const giveUpAt = performance.now() + ROUND_MS_MAX;
      const ofType = () => arrivals.filter((arrival) => arrival.type === type);
      while (ofType().length < SERVICES) {
        if (performance.now() > giveUpAt)
          throw new Error(`Only ${ofType().length} of ${SERVICES} messages ${type} arrived.`);
        await sleep(20);
      }
      const found = ofType();
      arrivals.splice(0);
      return found;
    },
  };

  async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const at = Date.now();
    const text = Buffer.concat(await incoming.toArray()).toString();
    outgoing.writeHead(204).end();
    const { type, data } = JSON.parse(text);
    // One good check is enough to be sure that it works again, so that both instants are the same.
    const sureAt = Date.parse(type === 'alert.resolved' ? data.resolvedAt : data.confirmedAt);
    arrivals.push({ type, sureAt, at });
  }
}

async function barePosts(port: number): Promise<readonly number[]> {
  const body = JSON.stringify({ type: 'bare', data: { text: 'x'.repeat(1_000), confirmedAt: '2026-01-01T00:00:00Z' } });
  return Promise.all(Array.from({ length: SERVICES }, () => barePost(port, body)));
}

async function barePost(port: number, body: string): Promise<number> {
  const startedAt = performance.now();
  const outgoing = request({ host: '127.0.0.1', port, method: 'POST', agent: false });
  outgoing.end(body);
  const [incoming] = await once(outgoing, 'response');
  incoming.resume();
  return performance.now() - startedAt;
}

async function listening(ending: AsyncDisposableStack, server: Server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ending.defer(() => {
    server.close();
    server.closeAllConnections();
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
  return { server, port: (server.address() as AddressInfo).port };
}

if (import.meta.main) await runBenchmarks([delivery]);
