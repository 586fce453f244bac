import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../kernel/clock.ts';
import { codeOf } from '../../kernel/errors.ts';
import type { HttpRequest, HttpResponse } from '../../kernel/net.ts';
import type { Connection } from './dialer.ts';
import { errors } from './errors.ts';
import { type Proxy, proxyAuthorization } from './proxy.ts';
import type { Hop } from './redirects.ts';
import type { Way } from './way.ts';

// `import … from 'node:http'` also loads all of undici, for one of its exports: 16 MB and 30 ms of a start.
const { request: httpRequest } = process.getBuiltinModule('node:http');

export interface ExchangeOptions extends Pick<HttpRequest, 'onChunk'> {
  readonly bodyBytesMax: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly way: Way | undefined;
}

export type Exchange = Omit<HttpResponse, 'timings' | 'address' | 'certificateExpiresAt'> & {
  readonly firstByteMs: number;
  readonly transferMs: number;
};

const PROXY_AUTHENTICATION_REQUIRED = 407;
const HEADER_BYTES_MAX = 16 * 1024;
/** Compressed bodies are not asked for: a few kilobytes of them can hold gigabytes. */
const DEFAULT_HEADERS = { 'user-agent': 'Evenkeel', accept: '*/*', 'accept-encoding': 'identity' };

/** One request and its answer over a connection that ends with it. */
export async function exchange(hop: Hop, { socket }: Connection, options: ExchangeOptions): Promise<Exchange> {
  const { clock, signal, way } = options;
  const relay = way?.kind === 'relay' ? way.proxy : undefined;
  const startedAt = clock.ticks();
  try {
    const message = await answerTo(hop, socket, relay);
    if (relay !== undefined && message.statusCode === PROXY_AUTHENTICATION_REQUIRED) {
      throw errors.NET_PROXY_REFUSED({ proxy: relay.place, host: hop.url.host, answer: 'it answered 407' });
    }
    const firstByteAt = clock.ticks();
    const { body, isTruncated } = await readBody(message, options);
    return {
      status: message.statusCode ?? 0,
      headers: headersOf(message),
      body,
      isTruncated,
      firstByteMs: firstByteAt - startedAt,
      transferMs: clock.ticks() - firstByteAt,
    };
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error, hop.url.host);
  } finally {
    socket.destroy();
  }
}

/** Whoever relays a request has to be told all of its address (RFC 9112 §3.2.2). */
function answerTo(hop: Hop, socket: Connection['socket'], relay: Proxy | undefined): Promise<IncomingMessage> {
  const { method, url, headers, body } = hop;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const request = httpRequest({
    createConnection: () => socket,
    method,
    path: relay === undefined ? `${url.pathname}${url.search}` : url.href,
    headers: {
      ...DEFAULT_HEADERS,
      host: url.host,
      ...headers,
      ...length,
      ...(relay !== undefined && proxyAuthorization(relay)),
      connection: 'close',
    },
    maxHeaderSize: HEADER_BYTES_MAX,
  });
  request.once('response', resolve);
  request.on('error', reject);
  // A switch of protocols that nobody asked for takes the socket away from the request, which then never ends.
  request.once('upgrade', () => reject(errors.NET_ANSWER_MALFORMED({ host: url.host, code: '101' })));
  request.end(body);
  return promise;
}

async function readBody(
  message: IncomingMessage,
  { bodyBytesMax: bytesMax, onChunk }: ExchangeOptions,
): Promise<Pick<Exchange, 'body' | 'isTruncated'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    chunks.push(chunk);
    size += chunk.length;
    onChunk?.(chunk);
    if (size > bytesMax) break;
  }
  const body = Buffer.concat(chunks);
  return { body: body.subarray(0, bytesMax), isTruncated: size > bytesMax };
}

function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

/** The parser's errors quote what it read, so they are replaced by ours; system errors carry addresses only. */
function explained(error: unknown, host: string): unknown {
  const code = codeOf(error);
  if (code === 'HPE_HEADER_OVERFLOW') return errors.NET_HEADERS_TOO_LONG({ host, bytesMax: HEADER_BYTES_MAX });
  if (code.startsWith('HPE_')) return errors.NET_ANSWER_MALFORMED({ host, code });
  return error;
}
