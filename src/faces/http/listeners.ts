import { chmodSync } from 'node:fs';
import { lstat, unlink } from 'node:fs/promises';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type AddressInfo, connect, type ListenOptions } from 'node:net';
import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { codeOf } from '../../kernel/errors.ts';
import { errors } from './errors.ts';

// `import … from 'node:http'` also loads all of undici, for one of its exports: 16 MB and 30 ms of a start.
const { createServer } = process.getBuiltinModule('node:http');

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** What a slow or careless client may cost us. */
export interface ConnectionLimits {
  readonly headersMs: number;
  readonly requestMs: number;
  /** How long nothing may move: a client that does not read its answer would otherwise keep its connection for ever. */
  readonly silentMs: number;
  readonly headerBytes: number;
  /** How often Node looks whether the times for headers and requests are over. */
  readonly checkEveryMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  headersMs: 10 * SECOND_MS,
  requestMs: 30 * SECOND_MS,
  // Longer than the slowest answer may take to begin.
  silentMs: 3 * MINUTE_MS,
  headerBytes: 16_384,
  checkEveryMs: 5 * SECOND_MS,
};

/** Longer than the 60 s after which usual proxies let go, so that it is never us who close under their request. */
const KEEP_ALIVE_MS = MINUTE_MS + 5 * SECOND_MS;
const CONNECTIONS_MAX = 4_096;

export function createHttpServer(limits: ConnectionLimits, handler: Handler): Server {
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      maxHeaderSize: limits.headerBytes,
      connectionsCheckingInterval: limits.checkEveryMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    handler,
  );
  server.timeout = limits.silentMs;
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

/** `port` 0 takes any free one. Returns the address that is listened on. */
export async function listenOnPort(server: Server, host: string, port: number): Promise<AddressInfo> {
  try {
    await listening(server, { host, port });
  } catch (cause) {
    const code = codeOf(cause);
    if (code === 'EADDRINUSE') throw errors.HTTP_PORT_TAKEN({ host, port, free: port + 1 }, { cause });
    throw errors.HTTP_ADDRESS_UNUSABLE({ host, port, cause: code }, { cause });
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('A listening port has no address.');
  return address;
}

/** Only its owner can open the socket; the file is made so, not changed to it afterwards. */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  await removeStaleSocket(path);
  const before = process.umask(0o177);
  try {
    // The file is made before `listen` returns, so that nothing else is created under this mask.
    const open = listening(server, { path });
    process.umask(before);
    await open;
    chmodSync(path, 0o600);
  } catch (cause) {
    process.umask(before);
    throw errors.HTTP_SOCKET_UNUSABLE({ path, cause: codeOf(cause) }, { cause });
  }
}

/** A socket stays behind when its process is killed. It goes only when it is proven that nobody answers. */
async function removeStaleSocket(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) throw errors.HTTP_SOCKET_UNUSABLE({ path, cause: 'another kind of file has that name' });
  if (await isAnswered(path)) throw errors.HTTP_SOCKET_TAKEN({ path });
  await unlink(path);
}

/** Only a refused connection proves that nobody is there: a busy process may be slow, a foreign one forbidden. */
async function isAnswered(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ path });
  socket.once('connect', () => resolve(true));
  socket.once('error', (error) => resolve(codeOf(error) !== 'ECONNREFUSED'));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

async function listening(server: Server, options: ListenOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('listening', resolve);
  server.once('error', reject);
  server.listen(options);
  try {
    await promise;
  } finally {
    server.off('listening', resolve);
    server.off('error', reject);
  }
}

/** Accepts nothing new and resolves when the last request is answered. */
export async function closed(server: Server): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  await promise;
}
