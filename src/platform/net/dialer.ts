import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../../kernel/clock.ts';
import { codeOf } from '../../kernel/errors.ts';
import type { HttpTimings, Target } from '../../kernel/net.ts';
import { assertMayName, type Rules } from './policy.ts';
import type { Resolver } from './resolver.ts';
import { secureOver } from './tls-layer.ts';
import type { Way } from './way.ts';

/** A socket that is ready to be spoken to, and how long it took to get there. */
export interface Connection {
  readonly socket: Socket;
  /** Who is at the other end of it: of a proxy that one, of a socket of this machine its path. */
  readonly address: string;
  readonly timings: Pick<HttpTimings, 'dnsMs' | 'connectMs' | 'tlsMs'>;
  readonly certificateExpiresAt?: number;
}

export interface Dialer {
  /** Always a new connection. The socket ends, with the signal's reason, when the signal aborts. */
  dial(target: Target, rules: Rules, signal: AbortSignal, way?: Way): Promise<Connection>;
}

export function createDialer(resolver: Resolver, clock: Clock): Dialer {
  return { dial };

  function dial(target: Target, rules: Rules, signal: AbortSignal, way?: Way): Promise<Connection> {
    const plain = way === undefined ? straight(target, rules, signal) : detour(way, target, rules, signal);
    return target.tls === undefined ? plain : secured(plain, target, signal);
  }

  async function secured(plain: Promise<Connection>, target: Target, signal: AbortSignal): Promise<Connection> {
    const { socket, address, timings } = await plain;
    const startedAt = clock.ticks();
    try {
      await target.beforeTls?.(socket);
      const secure = await opened(secureOver(socket, target), 'secureConnect', signal);
      return {
        socket: secure,
        address,
        timings: { ...timings, tlsMs: clock.ticks() - startedAt },
        ...expiryOf(secure),
      };
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  async function straight({ host, port, family }: Target, rules: Rules, signal: AbortSignal): Promise<Connection> {
    const startedAt = clock.ticks();
    const addresses = await resolver.resolve(host, rules, signal, family);
    const resolvedAt = clock.ticks();
    const socket = await connected(addresses, port, signal);
    const timings = { dnsMs: resolvedAt - startedAt, connectMs: clock.ticks() - resolvedAt, tlsMs: 0 };
    return { socket, address: socket.remoteAddress ?? '', timings };
  }

  async function detour(way: Way, target: Target, rules: Rules, signal: AbortSignal): Promise<Connection> {
    if (way.kind === 'socket') {
      const startedAt = clock.ticks();
      const socket = await opened(connect({ path: way.path }), 'connect', signal);
      return { socket, address: way.path, timings: { dnsMs: 0, connectMs: clock.ticks() - startedAt, tlsMs: 0 } };
    }
    assertMayName(rules, target.host);
    const { throughProxy } = await import('./proxy-tunnel.ts');
    return throughProxy(way, target, { dial: (proxy) => dial(proxy, way.rules, signal), clock, signal });
  }
}

/**
 * Node gives each of several addresses but the last a quarter of a second. Where all others lead nowhere, such as those
 * of IPv6 on a machine that has none, the one that was merely slow gets the rest of the time.
 */
async function connected(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  try {
    return await opened(connectTo(addresses, port), 'connect', signal);
  } catch (error) {
    const slow = addresses.find((address) => isGivenUpOn(address, error));
    if (slow === undefined || signal.aborted) throw error;
    return opened(connectTo([slow], port), 'connect', signal);
  }
}

function isGivenUpOn(address: string, error: unknown): boolean {
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return errors.some(
    (each) => each instanceof Error && 'address' in each && each.address === address && codeOf(each) === 'ETIMEDOUT',
  );
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
