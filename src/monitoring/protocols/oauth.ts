import * as z from 'zod';
import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import type { HttpResponse } from '../../kernel/net.ts';
import type { CheckResult, ProbeIo } from '../monitor-type.ts';
import { downBecause } from './failure.ts';
import type { OAuth, TokenKeeper } from './http-auth.ts';

type Answered = { readonly response: HttpResponse; readonly authorization: string };
type Send = (authorization: string) => Promise<HttpResponse>;

const UNAUTHORIZED = 401;
const ANSWER_BYTES_MAX = 64 * 1024;
/** Of a server that does not say how long a token lasts; when it ends earlier, 401 says so. */
const KEPT_MS = 5 * MINUTE_MS;
/** A token must not expire on its way. */
const EARLY_MS = 30 * SECOND_MS;

const Token = z.object({
  access_token: z.string().regex(/^[\u0021-\u007e]{1,8192}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().nonnegative().optional().catch(undefined),
});

/** RFC 6749 §5.2; anything else a server says might be a secret. */
const Refusal = z.object({
  error: z.enum([
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_scope',
  ]),
});

/**
 * The request with a token by client credentials (RFC 6749 §4.4), a kept one if there is one. One that is refused is
 * fetched anew, once. What `send` throws is the target's failure; a failure to get a token is told as what it is.
 */
export async function sendWithToken(
  keeper: TokenKeeper,
  io: ProbeIo,
  send: Send,
): Promise<Answered | { readonly failure: CheckResult }> {
  const { kept } = keeper;
  if (kept !== undefined && io.clock.ticks() < kept.untilTicks) {
    const response = await send(kept.authorization);
    if (response.status !== UNAUTHORIZED) return { response, authorization: kept.authorization };
  }
  keeper.kept = undefined;
  const fetched = await fetchToken(keeper, io);
  if ('failure' in fetched) return fetched;
  keeper.kept = fetched;
  return { response: await send(fetched.authorization), authorization: fetched.authorization };
}

type Fetched = NonNullable<TokenKeeper['kept']> | { readonly failure: CheckResult };

async function fetchToken({ settings, proxy }: TokenKeeper, io: ProbeIo): Promise<Fetched> {
  const { host } = new URL(settings.token_url.reveal());
  try {
    const response = await io.net.http.send({
      ...requestFor(settings),
      ...(proxy !== undefined && { proxy: proxy.reveal() }),
      signal: io.signal,
    });
    return tokenIn(response, host, io);
  } catch (error) {
    const result = downBecause(error, io, host);
    return noToken('reason' in result ? result.reason : '');
  }
}

function requestFor({ token_url: url, client_id: id, client_secret: secret, ...settings }: OAuth) {
  const { scope, audience, credentials_in: place, authority } = settings;
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
    ...(place === 'body' && { client_id: id, client_secret: secret.reveal() }),
  });
  // Each encoded as in a form before they are joined (RFC 6749 §2.3.1).
  const pair = `${formEncoded(id)}:${formEncoded(secret.reveal())}`;
  const basic = { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  return {
    method: 'POST',
    url: url.reveal(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      ...(place === 'header' && basic),
    },
    body: body.toString(),
    bodyBytesMax: ANSWER_BYTES_MAX,
    ...(authority !== undefined && { authority: authority.reveal() }),
  } as const;
}

function tokenIn({ status, body, isTruncated }: HttpResponse, host: string, { clock }: ProbeIo): Fetched {
  const answer = isTruncated ? undefined : jsonIn(body);
  if (status !== 200) {
    const refusal = Refusal.safeParse(answer);
    return noToken(`${host} answered ${status}${refusal.success ? ` (${refusal.data.error})` : ''}.`);
  }
  const token = Token.safeParse(answer);
  if (!token.success) return noToken(`${host} answered without a token that can be used.`);
  const { access_token: value, expires_in: seconds } = token.data;
  const lastsMs = seconds === undefined ? KEPT_MS : seconds * SECOND_MS;
  const keptMs = lastsMs - Math.min(EARLY_MS, lastsMs / 2);
  return { authorization: `Bearer ${value}`, untilTicks: clock.ticks() + keptMs };
}

function noToken(reason: string): { readonly failure: CheckResult } {
  return { failure: { state: 'down', reason: `No token could be fetched: ${reason}` } };
}

function formEncoded(text: string): string {
  return new URLSearchParams({ text }).toString().slice('text='.length);
}

function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}
