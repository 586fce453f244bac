import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

/** The way to a database, which a test can close and open again while the database itself goes on. */
export interface DatabaseProxy {
  /** The address of the database by this way. */
  readonly url: string;
  /** Breaks every connection, and refuses new ones. */
  cut(): void;
  /** Connections stay, and nothing comes through any more: what is said meanwhile is lost for good. */
  freeze(): void;
  /** From now on every byte takes this long, in either direction. Nothing is lost or overtaken. */
  slow(ms: number): void;
  /** New connections work again, and everything is as fast as it was. Those that were frozen never work again. */
  mend(): void;
}

export async function databaseProxy(t: Pick<TestContext, 'after'>, databaseUrl: string): Promise<DatabaseProxy> {
  const target = new URL(databaseUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  const frozen = new WeakSet<Socket>();
  let isCut = false;
  let isFrozen = false;
  let slowMs = 0;

  const server = createServer((near) => {
    near.on('error', () => undefined);
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    if (isFrozen) frozen.add(near);
    const isHeard = () => !frozen.has(near);
    near.on('data', inOrder(far, isHeard));
    far.on('data', inOrder(near, isHeard));
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.on('close', () => pairs.delete(pair));
  });
  function inOrder(to: Socket, isHeard: () => boolean): (chunk: Buffer) => void {
    let before: Promise<unknown> = Promise.resolve();
    return (chunk) => {
      if (!isHeard()) return;
      const arrived = slowMs === 0 ? undefined : delay(slowMs);
      before = before.then(() => arrived).then(() => to.writable && to.write(chunk));
    };
  }
  const cut = () => {
    isCut = true;
    for (const [near] of pairs) near.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    cut();
    server.close();
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a server that listens on a port has such an address
  const { port } = server.address() as AddressInfo;
  const url = new URL(target);
  url.port = String(port);
  return {
    url: url.href,
    cut,
    freeze() {
      isFrozen = true;
      for (const [near] of pairs) frozen.add(near);
    },
    slow(ms) {
      slowMs = ms;
    },
    mend() {
      slowMs = 0;
      isCut = false;
      isFrozen = false;
    },
  };
}
