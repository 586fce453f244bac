import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, faultAskedFor } from './fault.ts';
import { type Log, reasonOf } from './log.ts';

export interface Route {
  readonly method: 'GET' | 'POST';
  /** May hold names, e.g. `/orders/:id`. */
  readonly path: string;
  /** Asked every few seconds: logging each good answer would drown everything else. */
  readonly isRoutine?: boolean;
  handle(request: Request): Promise<Answer> | Answer;
}

export interface Request {
  readonly url: URL;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Server {
  readonly port: number;
  /** Whether somebody broke this process on purpose. */
  isBroken(): boolean;
  /** Lets requests under way finish, then frees the port. */
  stop(): Promise<void>;
}

export interface ServerSettings {
  readonly port: number;
  readonly log: Log;
  readonly routes: readonly Route[];
  /** What to answer when no route knows the path, or when a route failed. */
  readonly failure: (status: number) => Answer;
  /** Whether the switch in `fault.ts` is there at all. */
  readonly isBreakable: boolean;
}

const BODY_CHARS_MAX = 32_768;
const SLOW_MS = 3_000;
const REQUEST_TIMEOUT_MS = 10_000;

export async function startServer({ port, log, routes, failure, isBreakable }: ServerSettings): Promise<Server> {
  const patterns = routes.map((route) => ({ route, pattern: new URLPattern({ pathname: route.path }) }));
  let fault: Fault = 'off';

  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    const asked = isBreakable ? faultAskedFor(request) : undefined;
    if (asked !== undefined) {
      fault = asked;
      log.warn('the fault switch was turned', { fault });
      send(response, { status: 204, headers: {}, body: '' });
    } else if (fault === 'down') {
      request.socket.destroy();
    } else {
      void respond(request, response);
    }
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const url = URL.parse(request.url ?? '/', 'http://shop.invalid');
    if (url === null) return send(response, failure(400));
    const found = find(request.method, url);
    const answer = await answerTo(request, url, found);
    send(response, answer);
    if (found?.route.isRoutine === true && answer.status === 200) return;
    const ms = Math.round(performance.now() - startedAt);
    log.info('request', { method: request.method, path: url.pathname, status: answer.status, ms });
  }

  function find(method: string | undefined, url: URL) {
    const asked = method === 'HEAD' ? 'GET' : method;
    return patterns.find(({ route, pattern }) => route.method === asked && pattern.test(url));
  }

  async function answerTo(request: IncomingMessage, url: URL, found: ReturnType<typeof find>): Promise<Answer> {
    try {
      const body = await readBody(request);
      if (fault === 'slow') await sleep(SLOW_MS);
      if (fault === 'errors') return failure(500);
      if (body === undefined) return failure(413);
      if (found === undefined) return failure(404);
      const params = found.pattern.exec(url)?.pathname.groups ?? {};
      return await found.route.handle({ url, params, headers: request.headers, body });
    } catch (error) {
      log.error('a request failed', { path: url.pathname, reason: reasonOf(error) });
      return failure(error instanceof Unavailable ? 503 : 500);
    }
  }

  const { promise: listening, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', resolve);
  await listening;
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    isBroken: () => fault !== 'off',
    async stop() {
      const { promise: closed, resolve: close } = Promise.withResolvers<void>();
      server.close(() => close());
      server.closeIdleConnections();
      await closed;
    },
  };
}

/** Somebody we need does not answer: the caller may try again later. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

export function json(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { 'x-content-type-options': 'nosniff', ...headers });
  response.end(body);
}

/** Undefined when there is more than anybody needs to say here. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let text = '';
  request.setEncoding('utf8');
  // Leaving early must not cut the connection: the answer that says why still has to go out.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (text.length > BODY_CHARS_MAX) return undefined;
  }
  return text;
}
