import type { Clock } from '../../kernel/clock.ts';
import type { HttpClient, HttpRequest, HttpResponse, Target } from '../../kernel/net.ts';
import type { Dialer } from './dialer.ts';
import { errors } from './errors.ts';
import { exchange } from './http-exchange.ts';
import { addressNamed, afterRedirectFrom, type Rules } from './policy.ts';
import { firstHop, type Hop, isRedirect, nextHop } from './redirects.ts';
import { wayOf } from './way.ts';

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
        const allowed = afterRedirectFrom(rules, cameFrom(hop, request, response));
        hop = nextHop(hop, response.status, location);
        response = await sendOne(hop, request, allowed);
      }
      return { ...response, timings: { ...response.timings, totalMs: clock.ticks() - startedAt } };
    },
  };

  async function sendOne(hop: Hop, request: HttpRequest, allowed: Rules): Promise<HttpResponse> {
    const { signal, bodyBytesMax = BODY_BYTES_MAX, proxy, onChunk } = request;
    const target = targetOf(hop, request, allowed);
    const way = wayOf(hop.own.socketPath, proxy, hop.url, rules);
    const connection = await dialer.dial(target, allowed, signal, way);
    const limits = { bodyBytesMax: Math.min(bodyBytesMax, allowed.bodyBytesMax) };
    const options = { signal, clock, way, ...limits, ...(onChunk !== undefined && { onChunk }) };
    const { firstByteMs, transferMs, ...answer } = await exchange(hop, connection, options);
    const { socket: _ended, timings, ...rest } = connection;
    return { ...answer, ...rest, timings: { ...timings, firstByteMs, transferMs, totalMs: 0 } };
  }
}

function targetOf({ url, own }: Hop, { verifyTls = true, family }: HttpRequest, { schemes }: Rules): Target {
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) {
    throw errors.NET_SCHEME_FORBIDDEN({ host: url.host, scheme, allowed: schemes.join(' or ') });
  }
  const kind = family === undefined ? undefined : { family };
  if (scheme === 'http') return { host: hostOf(url), port: Number(url.port || 80), ...kind };
  const { socketPath: _way, ...identity } = own;
  const tls = verifyTls ? 'verified' : 'unverified';
  return { host: hostOf(url), port: Number(url.port || 443), tls, ...kind, ...identity };
}

/** An IPv6 address stands in brackets in a URL and nowhere else. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(?<address>.*)\]$/, '$<address>');
}

/** Behind a proxy only what the host itself says is known of it. */
function cameFrom({ url }: Hop, { proxy }: HttpRequest, { address }: HttpResponse): string {
  return proxy === undefined ? address : (addressNamed(hostOf(url)) ?? '');
}
