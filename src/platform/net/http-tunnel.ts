import type { Socket } from 'node:net';
import type { Target } from '../../kernel/net.ts';
import { errors } from './errors.ts';
import { type Proxy, proxyAuthorization } from './proxy.ts';

// As in http-exchange.ts: `import … from 'node:http'` also loads all of undici.
const { request: httpRequest } = process.getBuiltinModule('node:http');

const HEADER_BYTES_MAX = 16 * 1024;

/** Asks an HTTP proxy to connect us to the target (RFC 9110 §9.3.6); from then on the socket leads there. */
export function openHttpTunnel(socket: Socket, proxy: Proxy, { host, port }: Target): Promise<void> {
  const authority = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const request = httpRequest({
    createConnection: () => socket,
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, 'user-agent': 'Evenkeel', ...proxyAuthorization(proxy) },
    maxHeaderSize: HEADER_BYTES_MAX,
  });
  request.once('connect', ({ statusCode = 0 }, _socket, head: Buffer) => {
    if (statusCode < 200 || statusCode > 299) {
      reject(errors.NET_PROXY_REFUSED({ proxy: proxy.place, host, answer: `it answered ${statusCode}` }));
      return;
    }
    if (head.length > 0) socket.unshift(head);
    resolve();
  });
  request.on('error', reject);
  request.once('upgrade', () => reject(errors.NET_PROXY_MALFORMED({ proxy: proxy.place, protocol: 'HTTP' })));
  request.end();
  return promise;
}
