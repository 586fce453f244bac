import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { EVERY_MS, MONITORS } from './shard-workers.ts';

export interface Arrival {
  readonly monitor: string;
  /** Which process asked. */
  readonly worker: string;
  readonly at: number;
}

/** What the processes check: it writes down who asked for what, and when. */
export interface ShardTarget {
  readonly arrivals: readonly Arrival[];
  readonly port: number;
  /** The monitors that get a 503 from now on. */
  breakDown(monitors: readonly string[]): void;
  /** Also answers there, until the end. Resolves with the port. */
  listenOn(address: string): Promise<number>;
}

const ANSWERS_AFTER_MS = 20;

export async function startTarget(t: TestContext, answersAfterMs = ANSWERS_AFTER_MS): Promise<ShardTarget> {
  const arrivals: Arrival[] = [];
  let broken: ReadonlySet<string> = new Set();
  const answer: RequestListener = (request, response) => {
    const monitor = (request.url ?? '').slice(1);
    arrivals.push({ monitor, worker: String(request.headers['x-worker']), at: Date.now() });
    setTimeout(() => response.writeHead(broken.has(monitor) ? 503 : 200).end('ok'), answersAfterMs);
  };
  const listenOn = async (address: string) => {
    const server = createServer(answer).listen(0, address);
    await once(server, 'listening');
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is never a string
    return (server.address() as AddressInfo).port;
  };
  return {
    arrivals,
    port: await listenOn('127.0.0.1'),
    breakDown(monitors) {
      broken = new Set(monitors);
    },
    listenOn,
  };
}

/** Each of them has checked about its share within the last turn, and nobody else has checked anything. */
export async function shared(target: ShardTarget, names: readonly string[]): Promise<void> {
  await eventually(() => {
    const latest = target.arrivals.filter(({ at }) => at > Date.now() - EVERY_MS);
    const counts = names.map((name) => latest.filter(({ worker }) => worker === name).length);
    assert.ok(Math.min(...counts) >= MONITORS / names.length / 2, `${names.join(', ')}: ${counts.join(', ')}`);
    assert.ok(latest.every(({ worker }) => names.includes(worker)));
  }, 20_000);
}
