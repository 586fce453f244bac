import { type Clock, SECOND_MS } from '../../kernel/clock.ts';

/** A token bucket per client. What is asked for it may ask for at once, then steadily. */
export interface RateLimit {
  /** Takes one token of this client. 0 when it may go on, else the whole seconds it should wait. */
  take(address: string): number;
}

export interface RateLimitSettings {
  readonly clock: Clock;
  /** How many requests at once. */
  readonly burst: number;
  /** How many per second afterwards. */
  readonly perSecond: number;
  /** Memory is bounded: beyond this many, the client that was new the longest ago is forgotten, and begins afresh. */
  readonly clientsMax: number;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

export function createRateLimit({ clock, burst, perSecond, clientsMax }: RateLimitSettings): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take(address) {
      const now = clock.ticks();
      const bucket = bucketOf(clientKey(address), now);
      bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.filledAt) / SECOND_MS) * perSecond);
      bucket.filledAt = now;
      if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perSecond);
      bucket.tokens -= 1;
      return 0;
    },
  };

  function bucketOf(client: string, now: number): Bucket {
    const known = buckets.get(client);
    if (known !== undefined) return known;
    if (buckets.size >= clientsMax) {
      for (const oldest of buckets.keys()) {
        buckets.delete(oldest);
        break;
      }
    }
    const bucket = { tokens: burst, filledAt: now };
    buckets.set(client, bucket);
    return bucket;
  }
}

const IPV6_NETWORK_GROUPS = 4;
const IPV6_GROUPS = 8;

/** One client: an IPv4 address, or the /64 of an IPv6 address, because anybody has as many of those as they like. */
export function clientKey(address: string): string {
  if (!address.includes(':')) return address;
  // `::ffff:192.0.2.1` is an IPv4 client on a socket that speaks both.
  if (address.includes('.')) return address.slice(address.lastIndexOf(':') + 1);
  const [head = '', tail] = address.split('::');
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  const gap = Array.from({ length: Math.max(0, IPV6_GROUPS - left.length - right.length) }, () => '0');
  return [...left, ...gap, ...right].slice(0, IPV6_NETWORK_GROUPS).join(':');
}

function groupsOf(part: string): readonly string[] {
  return part === '' ? [] : part.toLowerCase().split(':');
}
