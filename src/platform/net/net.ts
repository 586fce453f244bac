import { getServers } from 'node:dns';
import type { Clock } from '../../kernel/clock.ts';
import type { Net, NetPolicy } from '../../kernel/net.ts';
import { createDatagramExchange } from './datagrams.ts';
import { createDialer } from './dialer.ts';
import { errors } from './errors.ts';
import { createHttpClient } from './http-client.ts';
import { createPinger } from './pinger.ts';
import { RULES } from './policy.ts';
import { createResolver, type Lookup, systemLookup } from './resolver.ts';
import { createTlsInspector } from './tls-inspector.ts';

export interface NetDeps {
  readonly policy: NetPolicy;
  readonly clock: Clock;
  /** How names become addresses; the machine's own way unless told otherwise. */
  readonly lookup?: Lookup;
}

/** The outside world under one policy, which every socket keeps to. */
export function createNet({ policy, clock, lookup = systemLookup }: NetDeps): Net {
  const rules = RULES[policy];
  const resolver = createResolver(lookup);
  const dialer = createDialer(resolver, clock);
  return {
    http: createHttpClient({ dialer, rules, clock }),
    tcp: {
      async connect(target, signal) {
        const scheme = target.tls === undefined ? 'tcp' : 'tls';
        if (!rules.schemes.includes(scheme)) {
          throw errors.NET_SCHEME_FORBIDDEN({ host: target.host, scheme, allowed: rules.schemes.join(' or ') });
        }
        return (await dialer.dial(target, rules, signal)).socket;
      },
    },
    udp: createDatagramExchange({ resolver, rules, clock }),
    tls: createTlsInspector({ dialer, rules, clock }),
    ping: createPinger({ resolver, rules }),
    resolve: (host, signal) => resolver.resolve(host, rules, signal),
    nameServers: () => getServers(),
  };
}
