import type { NetPolicy } from '../../kernel/net.ts';
import { type AddressRange, rangeOf } from './address.ts';

/** What a policy allows, as data. */
export interface Rules {
  readonly schemes: readonly string[];
  readonly ranges: 'any' | readonly AddressRange[];
  readonly redirectsMax: number;
  readonly bodyBytesMax: number;
}

const KIB = 1024;

export const RULES: Readonly<Record<NetPolicy, Rules>> = {
  manifest: {
    schemes: ['http', 'https', 'tcp', 'tls', 'udp'],
    ranges: 'any',
    redirectsMax: 20,
    bodyBytesMax: 16 * KIB * KIB,
  },
  api: {
    schemes: ['http', 'https', 'tcp', 'tls', 'udp'],
    ranges: ['global'],
    redirectsMax: 20,
    bodyBytesMax: 16 * KIB * KIB,
  },
  public: {
    schemes: ['https'],
    ranges: ['global'],
    redirectsMax: 0,
    bodyBytesMax: 64 * KIB,
  },
};

/**
 * Where a redirect may lead: to the internet, or on within the kind of network it came from. A public site must not
 * send us to our own database, nor an internal one to the metadata of the cloud.
 */
export function afterRedirectFrom(rules: Rules, address: string): Rules {
  return rules.ranges === 'any' ? { ...rules, ranges: ['global', rangeOf(address)] } : rules;
}

export function mayReach({ ranges }: Rules, address: string): boolean {
  return ranges === 'any' || ranges.includes(rangeOf(address));
}
