import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

/** What a message says of itself: its name, and its place in its thread. */
export interface Told {
  readonly name: string;
  readonly thread: string;
  readonly index: number;
}

export interface Arrival extends Told {
  readonly id: string;
  readonly status: number;
}

export interface Receiver {
  readonly url: string;
  readonly arrivals: readonly Arrival[];
  /** From now on it takes everything, at once. */
  behave(): void;
}

/** Says no now and then, or takes a message and dies before it says so. */
export async function startReceiver(
  t: TestContext,
  random: () => number,
  read: (body: unknown) => Told,
): Promise<Receiver> {
  const arrivals: Arrival[] = [];
  let isBehaving = false;
  const server = createServer((request, response) => void take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, arrivals, behave: () => void (isBehaving = true) };

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Whoever is killed half-way through its request has not said anything.
    const body = await text(request).catch(() => undefined);
    if (body === undefined) return;
    const mood = isBehaving ? 1 : random();
    const status = mood < 0.05 ? 503 : 200;
    arrivals.push({ ...read(JSON.parse(body)), id: String(request.headers['webhook-id']), status });
    await delay(isBehaving ? 0 : random() * 20);
    if (mood > 0.05 && mood < 0.1) request.socket.destroy();
    else response.writeHead(status).end();
  }
}

export function namesOf(arrivals: readonly Arrival[]): string[] {
  return arrivals.map(({ name }) => name);
}

/** It may have been dropped before it said so. */
export function takenNames(arrivals: readonly Arrival[]): string[] {
  return namesOf(arrivals.filter(({ status }) => status === 200));
}

/** Names that came with several ids, or ids that came with several names. */
export function ambiguous(arrivals: readonly Arrival[], key: 'name' | 'id'): string[] {
  const other = key === 'name' ? 'id' : 'name';
  const byKey = Map.groupBy(arrivals, (arrival) => arrival[key]);
  return [...byKey].filter(([, same]) => new Set(same.map((one) => one[other])).size > 1).map(([value]) => value);
}

/** In a thread nothing comes before what precedes it was taken, nor again after what follows it has come. */
export function outOfOrder(arrivals: readonly Arrival[]): string[] {
  const latest = new Map<string, Arrival>();
  const taken = new Set<string>();
  const wrong: string[] = [];
  for (const arrival of arrivals) {
    const before = latest.get(arrival.thread);
    const isNext = before !== undefined && arrival.index > before.index;
    if (before !== undefined && arrival.index < before.index) wrong.push(arrival.name);
    if (isNext && !taken.has(before.name)) wrong.push(arrival.name);
    if (arrival.status === 200) taken.add(arrival.name);
    latest.set(arrival.thread, arrival);
  }
  return wrong;
}
