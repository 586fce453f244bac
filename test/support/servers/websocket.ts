import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import path from 'node:path';
import { requireProgram } from './install.ts';
import { serveTcp } from './misbehaving.ts';
import { type Ending, onFreePort, type ServerProcess, serverFolder, startServer } from './server.ts';

export interface WebSocketServer extends ServerProcess {
  readonly port: number;
}

/** Somebody else's server: says back what it hears, and to `fragments` answers in pieces with pings between them. */
const ECHO = `
import asyncio, http, ssl, sys, websockets
port, certificate, key = sys.argv[1:]
async def pieces():
    for piece in ("one ", "two ", "three"):
        yield piece
async def serve(socket):
    async for text in socket:
        if text == "fragments":
            await socket.ping()
            await socket.send(pieces())
        elif text == "leave":
            await socket.close(1008, "hush")
        else:
            await socket.send(text)
async def admit(path, headers):
    if path == "/locked" and headers.get("Authorization") not in ("Bearer hush", "Basic dTpodXNo"):
        return http.HTTPStatus.UNAUTHORIZED, [], b"hush"
async def main():
    context = None
    if certificate != "-":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
    async with websockets.serve(serve, "127.0.0.1", int(port), ssl=context, process_request=admit, subprotocols=["chat.v2"]):
        await asyncio.Future()
asyncio.run(main())
`;

export interface EchoOptions {
  /** Speaks TLS only, with this certificate and key (files that anybody may read). */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** A real server by others (the Python library websockets), which ends with the test or the file. */
export async function startWebSocketEcho(ending: Ending, { tls }: EchoOptions = {}): Promise<WebSocketServer> {
  const folders = ['/usr/lib/python3/dist-packages'];
  requireProgram({ name: 'websockets', packages: ['python3-websockets'], folders });
  const program = requireProgram({ name: 'python3', packages: ['python3'], folders: ['/usr/bin'] });
  const server = await onFreePort(async (port) => {
    const folder = serverFolder('websocket');
    const file = path.join(folder, 'echo.py');
    writeFileSync(file, ECHO, { mode: 0o644 });
    const argv = [file, String(port), tls?.certificate ?? '-', tls?.key ?? '-'];
    const started = await startServer({ folder, program, argv, signal: 'SIGTERM', isReady: () => accepts(port) });
    return { ...started, port };
  });
  ending.after(() => server.stop());
  return server;
}

/** Opens as it should, then does with the connection what it is told. `heard` grows by what the client sends. */
export function serveWebSocket(ending: Ending, speak: (socket: Socket, heard: Buffer[]) => void): Promise<number> {
  return serveTcp(ending, (socket) => {
    const heard: Buffer[] = [];
    socket.once('data', (request) => {
      const [, key = ''] = /sec-websocket-key: (?<key>.*)\r\n/i.exec(request.toString()) ?? [];
      socket.on('data', (bytes) => void heard.push(Buffer.from(bytes)));
      socket.write(openingAnswer(key));
      speak(socket, heard);
    });
  });
}

export function openingAnswer(key: string): string {
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  const headers = ['Upgrade: websocket', 'Connection: keep-alive, Upgrade', `Sec-WebSocket-Accept: ${accept}`];
  return ['HTTP/1.1 101 Switching Protocols', ...headers, '', ''].join('\r\n');
}

/** The bytes of one frame of a server, however wrong they are made. */
export function serverFrame(first: number, payload: Buffer | string, second?: number): Buffer {
  const bytes = Buffer.from(payload);
  return Buffer.concat([Buffer.from([first, second ?? bytes.length]), bytes]);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
