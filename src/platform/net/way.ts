import { errors } from './errors.ts';
import type { Rules } from './policy.ts';
import { type Proxy, proxyOf } from './proxy.ts';

/** How to get to a target other than straight. */
export type Way = LocalSocket | ThroughProxy;

export interface LocalSocket {
  readonly kind: 'socket';
  readonly path: string;
}

export interface ThroughProxy {
  /** Through a tunnel we speak with the target; what is relayed the proxy reads and asks for us. */
  readonly kind: 'tunnel' | 'relay';
  readonly proxy: Proxy;
  /** For the address of the proxy. */
  readonly rules: Rules;
}

/** Undefined leads straight there; a socket of this machine is never behind a proxy. */
export function wayOf(
  socketPath: string | undefined,
  proxy: string | undefined,
  url: URL,
  rules: Rules,
): Way | undefined {
  if (proxy === undefined && socketPath === undefined) return undefined;
  if (!rules.mayDetour) {
    const what = socketPath === undefined ? 'a proxy' : 'a socket of this machine';
    throw errors.NET_DETOUR_FORBIDDEN({ host: url.host, what });
  }
  if (socketPath !== undefined) return { kind: 'socket', path: socketPath };
  return proxy === undefined ? undefined : through(proxyOf(proxy, url.host), url, rules);
}

/** Most HTTP proxies open tunnels to port 443 only, so that what is not encrypted has to be relayed. */
function through(proxy: Proxy, url: URL, rules: Rules): ThroughProxy {
  const isRelayed = proxy.protocol === 'http' && url.protocol === 'http:';
  return { kind: isRelayed ? 'relay' : 'tunnel', proxy, rules };
}
