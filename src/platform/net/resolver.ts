import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { IpFamily } from '../../kernel/net.ts';
import { rangeOf } from './address.ts';
import { errors } from './errors.ts';
import { mayReach, type Rules } from './policy.ts';

/** Every address of a name, in the order to try them. Rejects with a system error code such as `ENOTFOUND`. */
export type Lookup = (host: string) => Promise<readonly string[]>;

export interface Resolver {
  /**
   * The addresses that the rules allow, of this family or of both; never empty. Rejects with `NET_FAMILY_MISSING` or
   * `NET_ADDRESS_FORBIDDEN` when none is left.
   */
  resolve(host: string, rules: Rules, signal: AbortSignal, family?: IpFamily): Promise<readonly string[]>;
}

/** As the machine itself resolves names: /etc/hosts, search domains and all. */
export async function systemLookup(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
}

export function createResolver(lookUp: Lookup): Resolver {
  // A lookup cannot be cancelled and occupies a thread until it ends, so each name gets one at a time.
  const underWay = new Map<string, Promise<readonly string[]>>();

  return {
    async resolve(host, rules, signal, family) {
      signal.throwIfAborted();
      const found = isIP(host) === 0 ? await untilAborted(share(host), signal) : [host];
      const addresses = family === undefined ? found : found.filter((address) => isIP(address) === family);
      if (addresses.length === 0 && family !== undefined) throw errors.NET_FAMILY_MISSING({ host, family });
      const allowed = addresses.filter((address) => mayReach(rules, address));
      if (allowed.length === 0) throw errors.NET_ADDRESS_FORBIDDEN({ host, range: rangeOf(addresses[0] ?? '') });
      return allowed;
    },
  };

  function share(host: string): Promise<readonly string[]> {
    const running = underWay.get(host);
    if (running !== undefined) return running;
    const started = lookUp(host).finally(() => underWay.delete(host));
    underWay.set(host, started);
    return started;
  }
}

/** The promise's outcome, or the signal's reason if that comes first. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', abort));
}
