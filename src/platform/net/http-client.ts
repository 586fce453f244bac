import type { Clock } from '../../kernel/clock.ts';
import type { HttpClient, HttpRequest, HttpResponse, Target } from '../../kernel/net.ts';
import type { Dialer } from './dialer.ts';
import { errors } from './errors.ts';
import { exchange } from './http-exchange.ts';
import { afterRedirectFrom, type Rules } from './policy.ts';
import { firstHop, type Hop, isRedirect, nextHop } from './redirects.ts';

export interface HttpClientDeps {
  readonly dialer: Dialer;
  readonly rules: Rules;
  readonly clock: Clock;
}

const BODY_BYTES_MAX = 1024 * 1024;

export function createHttpClient({ dialer, rules, clock }: HttpClientDeps): HttpClient {
  return {
    async send(request) {
      const redirectsMax = Math.min(request.redirectsMax ?? 0, rules.redirectsMax);
      const startedAt = clock.ticks();
      let hop = firstHop(request);
      let response = await sendOne(hop, request, rules);
      for (let redirects = 0; redirects < redirectsMax; redirects += 1) {
        const location = response.headers['location'];
        if (!isRedirect(response.status, location)) break;
        hop = nextHop(hop, response.status, location);
        response = await sendOne(hop, request, afterRedirectFrom(rules, response.address));
      }
      return { ...response, timings: { ...response.timings, totalMs: clock.ticks() - startedAt } };
    },
  };

  async function sendOne(hop: Hop, request: HttpRequest, allowed: Rules): Promise<HttpResponse> {
    const { signal, bodyBytesMax = BODY_BYTES_MAX } = request;
    const connection = await dialer.dial(targetOf(hop.url, request, allowed), allowed, signal);
    const options = { signal, clock, bodyBytesMax: Math.min(bodyBytesMax, allowed.bodyBytesMax) };
    const { firstByteMs, transferMs, ...answer } = await exchange(hop, connection, options);
    const { socket: _ended, timings, ...rest } = connection;
    return { ...answer, ...rest, timings: { ...timings, firstByteMs, transferMs, totalMs: 0 } };
  }
}

function targetOf(url: URL, { verifyTls = true }: HttpRequest, { schemes }: Rules): Target {
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) {
    throw errors.NET_SCHEME_FORBIDDEN({ host: url.host, scheme, allowed: schemes.join(' or ') });
  }
  // An IPv6 address stands in brackets in a URL and nowhere else.
  const host = url.hostname.replace(/^\[(?<address>.*)\]$/, '$<address>');
  if (scheme === 'http') return { host, port: Number(url.port || 80) };
  return { host, port: Number(url.port || 443), tls: verifyTls ? 'verified' : 'unverified' };
}
