import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { normalizeIP } from '@fastify/rate-limit';
import { errors } from './errors.ts';

/** Whose request this is, as a key to count by: an IPv4 address, or the /64 network of an IPv6 one. */
export type ClientOf = (request: IncomingMessage) => string;

const MAPPED_IPV4 = /^::ffff:(?<address>\d+\.\d+\.\d+\.\d+)$/i;

/**
 * A client may write anything into X-Forwarded-For, so it is read from the right and only as far as the proxies that
 * EVENKEEL_TRUSTED_PROXIES names wrote it: the first address that is not one of them is the client's.
 */
export function createClientOf(trustedProxies: readonly string[]): ClientOf {
  const trusted = trustedProxies.length === 0 ? undefined : networksOf(trustedProxies);
  return (request) => {
    const nearest = plain(request.socket.remoteAddress ?? '');
    const address = trusted === undefined ? nearest : originOf(request, nearest, trusted);
    return normalizeIP(address);
  };
}

function originOf(request: IncomingMessage, nearest: string, trusted: BlockList): string {
  const hops = String(request.headers['x-forwarded-for'] ?? '').split(',');
  let address = nearest;
  while (isTrusted(trusted, address)) {
    const hop = plain(withoutPort(hops.pop()?.trim() ?? ''));
    if (isIP(hop) === 0) break;
    address = hop;
  }
  return address;
}

function isTrusted(trusted: BlockList, address: string): boolean {
  return trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

const WITH_PORT = /^(?:\[(?<ipv6>[\da-f.:]+)\]|(?<ipv4>\d+\.\d+\.\d+\.\d+))(?::\d+)?$/i;

/** Some proxies write `203.0.113.7:51234`; left at that, all their clients would count as one. */
function withoutPort(hop: string): string {
  const { ipv4, ipv6 } = WITH_PORT.exec(hop)?.groups ?? {};
  return ipv4 ?? ipv6 ?? hop;
}

function plain(address: string): string {
  return MAPPED_IPV4.exec(address)?.groups?.['address'] ?? address;
}

const NETWORK = /^(?<address>[\da-f.:]+)(?:\/(?<bits>\d{1,3}))?$/i;

function networksOf(entries: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const entry of entries) {
    const { address = '', bits } = NETWORK.exec(entry)?.groups ?? {};
    const version = isIP(address);
    const bitsMax = version === 6 ? 128 : 32;
    const length = Number(bits ?? bitsMax);
    if (version === 0 || length > bitsMax) throw errors.HTTP_PROXY_INVALID({ entry });
    networks.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4');
  }
  return networks;
}
