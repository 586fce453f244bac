import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net';
import { pipeline, Readable, type Writable } from 'node:stream';
import { createServer as createTls, type TlsOptions } from 'node:tls';
import type { Certificate } from './certificates.ts';
import type { Ending } from './server.ts';

/** An HTTP server on a free port that answers as told, however wrong that is. */
export function serveHttp(ending: Ending, answer: RequestListener): Promise<number> {
  return listen(ending, createHttp(answer));
}

export function serveHttps(ending: Ending, certificate: Certificate, answer: RequestListener): Promise<number> {
  return listen(ending, createHttps({ cert: certificate.certificate, key: certificate.key }, answer));
}

/** A TCP server that does with each connection what it is told. */
export function serveTcp(ending: Ending, greet: (socket: Socket) => void): Promise<number> {
  const server = createTcp((socket) => {
    // The other side goes away as it likes; that is what these tests are about.
    socket.on('error', () => undefined);
    greet(socket);
  });
  return listen(ending, server);
}

/** A TLS server, by Node's own means, that does with each connection what it is told. */
export function serveTls(ending: Ending, options: TlsOptions, greet: (socket: Socket) => void): Promise<number> {
  const server = createTls(options, (socket) => {
    socket.on('error', () => undefined);
    greet(socket);
  });
  return listen(ending, server);
}

/** As many x as the other side will take. */
export function pourWithoutEnd(sink: Writable): void {
  const source = new Readable({ read: () => void source.push(Buffer.alloc(65_536, 'x')) });
  pipeline(source, sink, () => undefined);
}

/** A port that refuses: nobody listens there. */
export async function closedPort(): Promise<number> {
  const endings: (() => Promise<void>)[] = [];
  const port = await serveTcp({ after: (end) => void endings.push(end) }, () => undefined);
  await Promise.all(endings.map((end) => end()));
  return port;
}

async function listen(ending: Ending, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ending.after(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return (server.address() as AddressInfo).port;
}
