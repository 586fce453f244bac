import type { IncomingMessage } from 'node:http';
import { serveHttp } from './misbehaving.ts';
import type { Ending } from './server.ts';

/** What somebody asked. */
export interface Heard {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Reply {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

/** By method and path without a query, e.g. `GET /api/health`. */
export type Routes = Readonly<Record<string, Reply | ((heard: Heard) => Reply | Promise<Reply>)>>;

export interface RoutesServer {
  /** Without a slash at the end. */
  readonly url: string;
  readonly heard: readonly Heard[];
}

/** A web server with these answers; 404 for everything else, and 401 without the right `Authorization`. */
export async function serveRoutes(
  ending: Ending,
  routes: Routes,
  { authorization }: { readonly authorization?: string } = {},
): Promise<RoutesServer> {
  const all: Heard[] = [];
  const port = await serveHttp(ending, async (request, response) => {
    const heard = await hear(request);
    all.push(heard);
    const reply = await replyTo(heard, routes, authorization);
    const text = reply.json === undefined ? (reply.text ?? '') : JSON.stringify(reply.json);
    const type = reply.json === undefined ? 'text/plain' : 'application/json';
    response.writeHead(reply.status ?? 200, { 'content-type': type, ...reply.headers }).end(text);
  });
  return { url: `http://127.0.0.1:${port}`, heard: all };
}

async function hear(request: IncomingMessage): Promise<Heard> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const { method = '', headers, url = '/' } = request;
  return { method, headers, body, url: new URL(url, 'http://server.test') };
}

async function replyTo(heard: Heard, routes: Routes, authorization: string | undefined): Promise<Reply> {
  if (authorization !== undefined && heard.headers.authorization !== authorization) {
    return { status: 401, json: { message: 'no', heard: heard.headers } };
  }
  const route = routes[`${heard.method} ${heard.url.pathname}`] ?? { status: 404, text: 'not found' };
  return typeof route === 'function' ? await route(heard) : route;
}
