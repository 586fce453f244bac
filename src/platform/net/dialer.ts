import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import type { HttpTimings, Target } from '../../kernel/net.ts';
import type { Rules } from './policy.ts';
import type { Resolver } from './resolver.ts';

/** A socket that is ready to be spoken to, and how long it took to get there. */
export interface Connection {
  readonly socket: Socket;
  readonly address: string;
  readonly timings: Pick<HttpTimings, 'dnsMs' | 'connectMs' | 'tlsMs'>;
  readonly certificateExpiresAt?: number;
}

export interface Dialer {
  /** Always a new connection. The socket ends, with the signal's reason, when the signal aborts. */
  dial(target: Target, rules: Rules, signal: AbortSignal): Promise<Connection>;
}

export function createDialer(resolver: Resolver, clock: Clock): Dialer {
  return {
    async dial(target, rules, signal) {
      const startedAt = clock.ticks();
      const addresses = await resolver.resolve(target.host, rules, signal);
      const resolvedAt = clock.ticks();
      const plain = await opened(connectTo(addresses, target.port), 'connect', signal);
      const connectedAt = clock.ticks();
      const address = plain.remoteAddress ?? '';
      const dnsMs = resolvedAt - startedAt;
      const connectMs = connectedAt - resolvedAt;
      if (target.tls === undefined) return { socket: plain, address, timings: { dnsMs, connectMs, tlsMs: 0 } };

      await target.beforeTls?.(plain);
      const secure = await opened(secureOver(plain, target), 'secureConnect', signal);
      const timings = { dnsMs, connectMs, tlsMs: clock.ticks() - connectedAt };
      return { socket: secure, address, timings, ...expiryOf(secure) };
    },
  };
}

/** The socket sees only addresses that were checked: there is no second lookup that could say something else. */
function connectTo(addresses: readonly string[], port: number): Socket {
  const [first = '', ...others] = addresses;
  // Nothing to choose from, and so nothing to wait for between one attempt and the next.
  if (others.length === 0) return connect({ host: first, port, noDelay: true });
  const checked = addresses.map((address) => ({ address, family: isIP(address) }));
  const pinned: LookupFunction = (_host, _options, done) => done(null, checked);
  return connect({ host: 'checked.invalid', port, lookup: pinned, autoSelectFamily: true, noDelay: true });
}

function secureOver(socket: Socket, { host, tls }: Target): TLSSocket {
  return connectTls({
    socket,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: tls === 'verified',
  });
}

/** Waits for the event; an abort destroys the socket, now or at any later time. */
function opened<S extends Socket>(socket: S, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<S> {
  const { promise, resolve, reject } = Promise.withResolvers<S>();
  const abort = () => {
    reject(signal.reason);
    socket.destroy(signal.reason);
  };
  signal.addEventListener('abort', abort, { once: true });
  socket.once('close', () => {
    signal.removeEventListener('abort', abort);
    reject(Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' }));
  });
  // Whoever uses the socket later listens as well; without this, an error between two users would be fatal.
  socket.on('error', reject);
  socket.once(event, () => resolve(socket));
  if (signal.aborted) abort();
  return promise;
}

function expiryOf(socket: TLSSocket): Pick<Connection, 'certificateExpiresAt'> {
  const leaf = socket.getPeerX509Certificate();
  return leaf === undefined ? {} : { certificateExpiresAt: leaf.validToDate.getTime() };
}
