import type { Socket } from 'node:net';
import type { Clock } from '../../kernel/clock.ts';
import { codeOf, EvenkeelError } from '../../kernel/errors.ts';
import type { Target } from '../../kernel/net.ts';
import type { Connection } from './dialer.ts';
import { errors } from './errors.ts';
import { openHttpTunnel } from './http-tunnel.ts';
import type { Proxy } from './proxy.ts';
import { openSocksTunnel } from './socks5.ts';
import type { ThroughProxy } from './way.ts';

export interface TunnelDeps {
  readonly dial: (proxy: Target) => Promise<Connection>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A connection to the target by way of a proxy; making the tunnel counts as connecting. */
export async function throughProxy(way: ThroughProxy, target: Target, deps: TunnelDeps): Promise<Connection> {
  const { proxy, kind } = way;
  const { dial, clock, signal } = deps;
  const startedAt = clock.ticks();
  let socket: Socket | undefined;
  try {
    const connection = await dial(proxy.target);
    ({ socket } = connection);
    if (kind === 'tunnel') await openTunnel(socket, proxy, target);
    const { dnsMs } = connection.timings;
    const connectMs = clock.ticks() - startedAt - dnsMs;
    return { socket, address: connection.address, timings: { dnsMs, connectMs, tlsMs: 0 } };
  } catch (error) {
    socket?.destroy();
    signal.throwIfAborted();
    throw blamedOnProxy(error, proxy);
  }
}

function openTunnel(socket: Socket, proxy: Proxy, target: Target): Promise<void> {
  return proxy.protocol === 'socks5' ? openSocksTunnel(socket, proxy, target) : openHttpTunnel(socket, proxy, target);
}

/** Not the target is to blame; and the texts of these errors may quote what the proxy sent. */
function blamedOnProxy(error: unknown, { place }: Proxy): unknown {
  if (error instanceof EvenkeelError) return error;
  const code = codeOf(error);
  if (code.startsWith('HPE_')) return errors.NET_PROXY_MALFORMED({ proxy: place, protocol: 'HTTP' });
  return errors.NET_PROXY_FAILED({ proxy: place, code });
}
