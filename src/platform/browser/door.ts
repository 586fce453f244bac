import type { Clock } from '../../kernel/clock.ts';
import { type AddressRange, rangeOf } from '../net/address.ts';
import { createDialer } from '../net/dialer.ts';
import { RULES, type Rules } from '../net/policy.ts';
import { createResolver, systemLookup } from '../net/resolver.ts';
import { openRelay, type Relay } from './socks-relay.ts';

const PUBLIC: readonly AddressRange[] = ['global'];
/** Where the scripts of a page may lead us: never to where a cloud hands credentials to whoever asks. */
const INTERNAL: readonly AddressRange[] = [
  'global',
  'loopback',
  'private',
  'link-local',
  'shared',
  'multicast',
  'documentation',
  'unspecified',
  'reserved',
];

interface DoorDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The only way out for a page: each address is checked where it is really connected to. What a page of the internet
 * asks for must not lead to our own database; a page of our own network may take its parts from there.
 */
export async function openDoor(url: string, { clock, signal }: DoorDeps): Promise<Relay> {
  const resolver = createResolver(systemLookup);
  const dialer = createDialer(resolver, clock);
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  const addresses = await resolver.resolve(host, rulesFor(INTERNAL), signal);
  const isPublic = addresses.every((address) => rangeOf(address) === 'global');
  const rules = rulesFor(isPublic ? PUBLIC : INTERNAL);
  return openRelay(async (name, port) => (await dialer.dial({ host: name, port }, rules, signal)).socket);
}

function rulesFor(ranges: readonly AddressRange[]): Rules {
  return { ...RULES.manifest, ranges };
}
