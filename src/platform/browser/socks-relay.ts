import { type AddressInfo, createServer, isIPv6, type Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';

/** A SOCKS5 server (RFC 1928) for one visit: through it we see, and may refuse, every connection a page asks for. */
export interface Relay {
  readonly port: number;
  /** Why nobody could be reached there, when that was so. */
  failureOf(host: string, port: number): unknown;
  close(): void;
}

export type Dial = (host: string, port: number) => Promise<Duplex>;

const VERSION = 5;
const CONNECT = 1;
const DONE = 0;
const FAILED = 1;
const REQUEST_BYTES_MAX = 2 + 255 + 262;
const CONNECTIONS_MAX = 200;
const FAILURES_MAX = 100;

export async function openRelay(dial: Dial): Promise<Relay> {
  const sockets = new Set<Duplex>();
  const failures = new Map<string, unknown>();
  const server = createServer((socket) => {
    keep(socket);
    if (sockets.size > 2 * CONNECTIONS_MAX) socket.destroy();
    else greet(socket, (request, rest) => void connect(socket, request, rest));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on a port, and that is where
  const { port } = server.address() as AddressInfo;

  return {
    port,
    failureOf: (host, at) => failures.get(placeOf(host, at)),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };

  function keep(socket: Duplex): void {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  }

  async function connect(socket: Socket, { host, port: to }: Request, rest: Buffer): Promise<void> {
    try {
      const target = await dial(host, to);
      keep(target);
      if (socket.destroyed || !server.listening) return void target.destroy();
      socket.write(answer(DONE));
      target.write(rest);
      pipeline(socket, target, () => undefined);
      pipeline(target, socket, () => undefined);
    } catch (error) {
      if (failures.size < FAILURES_MAX) failures.set(placeOf(host, to), error);
      socket.end(answer(FAILED));
    }
  }
}

interface Request {
  readonly host: string;
  readonly port: number;
  /** How many bytes it took. */
  readonly length: number;
}

/** Greeting and request, as they come; what comes after them is for the target already. */
function greet(socket: Socket, isAsked: (request: Request, rest: Buffer) => void): void {
  let held = Buffer.alloc(0);
  let isGreeted = false;
  socket.on('data', listen);

  function listen(chunk: Buffer): void {
    held = Buffer.concat([held, chunk]);
    if (!isGreeted) {
      const length = 2 + (held[1] ?? 255);
      if (held.length < length) return;
      if (held[0] !== VERSION) return void socket.destroy();
      isGreeted = true;
      held = held.subarray(length);
      // No authentication: it listens on loopback, for as long as a page is looked at.
      socket.write(Buffer.of(VERSION, 0));
    }
    const request = requestIn(held);
    if (request === 'unknown' || held.length > REQUEST_BYTES_MAX) return void socket.destroy();
    if (request === 'unfinished') return;
    socket.off('data', listen).pause();
    isAsked(request, held.subarray(request.length));
  }
}

/** `VER CMD RSV ATYP DST.ADDR DST.PORT` (RFC 1928 §4). */
function requestIn(bytes: Buffer): Request | 'unfinished' | 'unknown' {
  const [version, command, , kind, first] = bytes;
  if (kind === undefined || first === undefined) return 'unfinished';
  if (version !== VERSION || command !== CONNECT) return 'unknown';
  const [begin, size] = kind === 3 ? [5, first] : [4, SIZES[kind] ?? 0];
  if (size === 0) return 'unknown';
  const length = begin + size + 2;
  if (bytes.length < length) return 'unfinished';
  return { host: hostIn(bytes.subarray(begin, begin + size), kind), port: bytes.readUInt16BE(begin + size), length };
}

/** Of an address, by its kind. */
const SIZES: Readonly<Record<number, number>> = { 1: 4, 4: 16 };

function hostIn(bytes: Buffer, kind: number): string {
  if (kind === 3) return bytes.toString('latin1');
  if (kind === 1) return bytes.join('.');
  return Array.from({ length: 8 }, (_part, index) => bytes.readUInt16BE(2 * index).toString(16)).join(':');
}

function answer(result: number): Buffer {
  return Buffer.of(VERSION, result, 0, 1, 0, 0, 0, 0, 0, 0);
}

/** One spelling for each address, however somebody abbreviates it. */
function placeOf(host: string, port: number): string {
  const bare = host.replace(/^\[|\]$/g, '');
  return `${isIPv6(bare) ? new URL(`http://[${bare}]`).hostname : bare.toLowerCase()}:${port}`;
}
