import type { HttpResponse } from '../../kernel/net.ts';
import { type Answer, answerFrom } from '../expectations/answer.ts';
import type { Observed } from '../expectations/observed.ts';
import { resultOf, unreached, type Verdict } from '../expectations/verdict.ts';
import type { CheckResult, ProbeIo } from '../monitor-type.ts';
import { downBecause } from './failure.ts';
import type { TokenKeeper } from './http-auth.ts';
import { type HttpPlan, REDIRECTS_MAX } from './http-plan.ts';
import { domainExpiresAt } from './rdap.ts';
import { sentSecrets } from './sent-secrets.ts';

export interface Answered {
  readonly response: HttpResponse;
  readonly observed: Observed;
  /** As it was sent, with what was fetched to log in. */
  readonly sent: HttpPlan['request'];
}

export type Asked = Answered | { readonly failure: CheckResult };

export async function requestOnce(plan: HttpPlan, request: HttpPlan['request'], io: ProbeIo): Promise<Asked> {
  const startedAt = io.clock.ticks();
  const expiry = plan.registration && domainExpiresAt(plan.registration, io);
  try {
    const said =
      plan.tokens === undefined
        ? { response: await io.net.http.send({ ...request, signal: io.signal }), sent: request }
        : await sendLoggedIn(plan.tokens, request, io);
    if ('failure' in said) return said;
    const { response, sent } = said;
    return { response, sent, observed: observe(plan, response, { at: io.clock.now(), domainExpiresAt: await expiry }) };
  } catch (error) {
    return { failure: unreached(plan.expect, downBecause(error, io, plan.host), io.clock.ticks() - startedAt) };
  }
}

/** How to get a token is loaded only by whoever needs one. */
async function sendLoggedIn(tokens: TokenKeeper, request: HttpPlan['request'], io: ProbeIo) {
  const { sendWithToken } = await import('./oauth.ts');
  const withToken = (authorization: string) => ({ ...request, headers: { ...request.headers, authorization } });
  const said = await sendWithToken(tokens, io, (authorization) =>
    io.net.http.send({ ...withToken(authorization), signal: io.signal }),
  );
  return 'failure' in said ? said : { response: said.response, sent: withToken(said.authorization) };
}

interface Moment {
  readonly at: number;
  readonly domainExpiresAt: number | null | undefined;
}

function observe({ expect, readsBody }: HttpPlan, response: HttpResponse, moment: Moment): Observed {
  const { status, headers, timings, certificateExpiresAt, address, isTruncated } = response;
  const { at, domainExpiresAt: endsAt = null } = moment;
  if (expect === undefined && !readsBody) return { connected: true };
  return {
    connected: true,
    status,
    responseTimeMs: timings.totalMs,
    ip: address,
    headers,
    at,
    domainExpiresInMs: endsAt === null ? null : endsAt - at,
    ...(readsBody && { body: textOf(response), isBodyCut: isTruncated }),
    ...(certificateExpiresAt !== undefined && { certificateExpiresInMs: certificateExpiresAt - at }),
  };
}

/** What conditions find in the answer; what was sent and may be secret is not shown, should the server say it back. */
export function answerOf(plan: HttpPlan, { observed, sent }: Omit<Answered, 'response'>): Answer {
  return answerFrom({ ...observed, secrets: [...plan.secrets, ...sentSecrets(sent)] });
}

/** The conditions decide; where none says what is down, the status does. */
export function judged(plan: HttpPlan, { response }: Answered, verdict: Verdict | undefined): CheckResult {
  const latencyMs = response.timings.totalMs;
  const isDecided = plan.expect !== undefined && plan.expect.down.length > 0;
  const bad = isDecided ? undefined : badStatus(plan, response);
  if (bad !== undefined) {
    const reason = `${plan.place} ${bad}`;
    return { state: 'down', latencyMs, reason, ...(verdict && { conditions: verdict.conditions }) };
  }
  return verdict === undefined
    ? { state: 'up', latencyMs }
    : resultOf(verdict, { latencyMs, prefix: `${plan.place}: ` });
}

function badStatus({ follows }: HttpPlan, { status, headers }: HttpResponse): string | undefined {
  if (status >= 300 && status < 400) {
    const isEndless = follows && headers['location'] !== undefined;
    return isEndless ? `redirects more than ${REDIRECTS_MAX} times.` : undefined;
  }
  return status >= 200 && status < 300 ? undefined : `answered ${status}, expected 2xx.`;
}

const UTF_8 = new TextDecoder();

function textOf({ body, headers }: HttpResponse): string {
  const charset =
    /charset="?(?<charset>[\w-]+)/i.exec(headers['content-type'] ?? '')?.groups?.['charset']?.toLowerCase() ?? 'utf-8';
  if (charset === 'utf-8') return UTF_8.decode(body);
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    // The server names an encoding that does not exist.
    return UTF_8.decode(body);
  }
}
