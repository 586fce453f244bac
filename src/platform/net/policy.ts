import { isIP } from 'node:net';
import type { NetPolicy } from '../../kernel/net.ts';
import { type AddressRange, rangeOf } from './address.ts';
import { errors } from './errors.ts';

/** What a policy allows, as data. */
export interface Rules {
  readonly schemes: readonly string[];
  readonly ranges: 'any' | readonly AddressRange[];
  readonly redirectsMax: number;
  readonly bodyBytesMax: number;
  /** Whether a proxy or a socket of this machine may lead there, behind which no address can be checked. */
  readonly mayDetour: boolean;
}

const KIB = 1024;

export const RULES: Readonly<Record<NetPolicy, Rules>> = {
  manifest: {
    schemes: ['http', 'https', 'tcp', 'tls', 'udp', 'icmp'],
    ranges: 'any',
    redirectsMax: 20,
    bodyBytesMax: 16 * KIB * KIB,
    mayDetour: true,
  },
  api: {
    schemes: ['http', 'https', 'tcp', 'tls', 'udp', 'icmp'],
    ranges: ['global'],
    redirectsMax: 20,
    bodyBytesMax: 16 * KIB * KIB,
    mayDetour: false,
  },
  public: {
    schemes: ['https'],
    ranges: ['global'],
    redirectsMax: 0,
    bodyBytesMax: 64 * KIB,
    mayDetour: false,
  },
};

/**
 * Where a redirect may lead: to the internet, or on within the kind of network it came from. A public site must not
 * send us to our own database, nor an internal one to the metadata of the cloud. Where `address` is none, it is not
 * known where the redirect came from.
 */
export function afterRedirectFrom(rules: Rules, address: string): Rules {
  if (rules.ranges !== 'any') return rules;
  return { ...rules, ranges: isIP(address) === 0 ? ['global'] : ['global', rangeOf(address)] };
}

export function mayReach({ ranges }: Rules, address: string): boolean {
  return ranges === 'any' || ranges.includes(rangeOf(address));
}

/** Where somebody else looks the name up, only a host that is an address, or this very machine, can be judged. */
export function assertMayName(rules: Rules, host: string): void {
  const address = addressNamed(host);
  if (address === undefined || mayReach(rules, address)) return;
  throw errors.NET_ADDRESS_FORBIDDEN({ host, range: rangeOf(address) });
}

/** RFC 6761 §6.3: `localhost` and all names under it are this machine. */
export function addressNamed(host: string): string | undefined {
  if (isIP(host) !== 0) return host;
  return /(?:^|\.)localhost\.?$/i.test(host) ? '127.0.0.1' : undefined;
}
