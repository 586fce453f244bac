import * as z from 'zod';
import type { HttpRequest, HttpResponse } from '../../kernel/net.ts';
import { percentDecoded } from '../../kernel/percent-decoded.ts';
import type { Secret } from '../../kernel/secret.ts';
import { secretText } from '../../kernel/secret-text.ts';
import type { Placeholder } from '../expectations/condition.ts';
import { type Expectations, expectations } from '../expectations/expectations.ts';
import { unreached, withExpectations } from '../expectations/verdict.ts';
import type { CheckResult, ProbeIo } from '../monitor-type.ts';
import { downBecause } from './failure.ts';
import { shown } from './shown.ts';

const ANSWER_BYTES_MAX = 1024 * 1024;

const SERVICE_PLACEHOLDERS = ['CONNECTED', 'RESPONSE_TIME', 'BODY'] as const satisfies readonly Placeholder[];

/** The address of a product that is spoken to over HTTP, e.g. `https://user:password@grafana.example/sub/path`. */
export function webAddress(example: string) {
  const shape = z
    .string()
    .refine(
      (text) => /^https?:\/\//.test(text) && URL.canParse(text),
      `Expected a whole web address, such as ${example}.`,
    );
  return secretText(shape);
}

/** The keys that every such product takes beside its address. */
export function webServiceKeys() {
  return {
    user: z.string().min(1).optional().describe('Who logs in, where the server asks for it.'),
    password: secretText().optional().describe('The password of that user.'),
    token: secretText().optional().describe('Sent as a bearer token, instead of a user and a password.'),
    verify_tls: z.boolean().default(true).describe('Whether the certificate must be valid. Default true.'),
    expect: expectations(SERVICE_PLACEHOLDERS)
      .optional()
      .describe('Conditions that must hold beside what the type looks at, or `{ down: […], degraded: […] }`.'),
  };
}

export interface WebServiceSettings {
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
  readonly token?: Secret | undefined;
  readonly verify_tls: boolean;
  readonly expect?: Expectations | undefined;
}

export interface WebService {
  /** Without credentials and without a slash at the end. */
  readonly base: string;
  /** Host and path, for people. */
  readonly place: string;
  /** What the product is called in sentences, e.g. `Grafana`. */
  readonly product: string;
  readonly authorization: string | undefined;
  /** What must not be shown, even when the product says it back. */
  readonly secrets: readonly string[];
  readonly verifyTls: boolean;
  readonly expect: Expectations | undefined;
}

export function webServiceOf(address: Secret, product: string, settings: WebServiceSettings): WebService {
  const url = new URL(address.reveal());
  const path = url.pathname.replace(/\/+$/, '');
  const authorization = authorizationOf(url, settings);
  return {
    base: `${url.origin}${path}`,
    place: `${url.host}${path}`,
    product,
    authorization,
    secrets: secretsIn(url, settings, authorization),
    verifyTls: settings.verify_tls,
    expect: settings.expect,
  };
}

export interface Question extends Pick<HttpRequest, 'method' | 'headers' | 'onChunk'> {
  /** Begins with a slash; may have a query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form instead. */
  readonly form?: Readonly<Record<string, string>>;
  readonly bytesMax?: number;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  readonly text: string;
  /** The answer goes on, but was not read any further. */
  readonly isCut?: boolean;
  readonly latencyMs: number;
}

export type Asked = { readonly answer: WebAnswer } | { readonly failure: CheckResult };

/** One request. That nobody answered and that credentials were refused is a failure already; other statuses are answers. */
export async function ask(service: WebService, question: Question, io: ProbeIo): Promise<Asked> {
  const startedAt = io.clock.ticks();
  try {
    const response = await io.net.http.send(requestOf(service, question, io));
    const { status, headers, body, isTruncated: isCut, timings } = response;
    if (status === 401 || status === 403) return { failure: refused(service, status, timings.totalMs) };
    return { answer: { status, headers, text: new TextDecoder().decode(body), isCut, latencyMs: timings.totalMs } };
  } catch (error) {
    const failure = downBecause(error, io, service.place);
    return { failure: unreached(service.expect, failure, io.clock.ticks() - startedAt) };
  }
}

/**
 * What the product said, in the shape it is documented to have; otherwise it is down, for something else listens there.
 * Nothing of an answer that does not fit is shown: it may hold what was sent.
 */
export function read<T>(
  service: WebService,
  { status, text, latencyMs }: WebAnswer,
  shape: z.ZodType<T>,
): { readonly content: T } | { readonly failure: CheckResult } {
  const parsed = shape.safeParse(jsonOf(text));
  if (parsed.success) return { content: parsed.data };
  const { place, product } = service;
  const reason = `${place} does not answer as ${product} does: status ${status} with something else in it.`;
  return { failure: { state: 'down', latencyMs, reason } };
}

/** One request whose every answer is documented to have the same shape, whatever its status. */
export async function consult<T>(
  service: WebService,
  question: Question,
  shape: z.ZodType<T>,
  io: ProbeIo,
): Promise<{ readonly answer: WebAnswer; readonly content: T } | { readonly failure: CheckResult }> {
  const asked = await ask(service, question, io);
  if ('failure' in asked) return asked;
  const said = read(service, asked.answer, shape);
  return 'failure' in said ? said : { ...asked, ...said };
}

/** A text of the product, cut short and fit for a sentence; hidden when it holds what we sent to prove who we are. */
export function quoted({ secrets }: WebService, text: string): string {
  if (secrets.some((secret) => text.includes(secret))) return '(hidden)';
  return shown(text);
}

/** The end of every such check: what the type itself found, and what is expected beside it. */
export function judged(service: WebService, own: CheckResult, { text, latencyMs }: WebAnswer): CheckResult {
  const { expect, secrets } = service;
  return withExpectations(expect, own, { connected: true, responseTimeMs: latencyMs, body: text, secrets });
}

function requestOf(service: WebService, question: Question, io: ProbeIo): HttpRequest {
  const { base, authorization, verifyTls } = service;
  const { path, method, headers, bytesMax, onChunk } = question;
  const sent = contentOf(question);
  return {
    method,
    url: base + path,
    headers: {
      accept: 'application/json',
      ...(authorization !== undefined && { authorization }),
      ...(sent !== undefined && { 'content-type': sent.type }),
      ...headers,
    },
    ...(sent !== undefined && { body: sent.body }),
    ...(onChunk !== undefined && { onChunk }),
    signal: io.signal,
    verifyTls,
    bodyBytesMax: bytesMax ?? ANSWER_BYTES_MAX,
  };
}

function contentOf({ json, form }: Question): { readonly type: string; readonly body: string } | undefined {
  if (json !== undefined) return { type: 'application/json', body: JSON.stringify(json) };
  if (form === undefined) return undefined;
  return { type: 'application/x-www-form-urlencoded', body: new URLSearchParams(form).toString() };
}

function refused({ place, authorization }: WebService, status: number, latencyMs: number): CheckResult {
  const reason =
    authorization === undefined
      ? `${place} asks for credentials (status ${status}), and none are set for it.`
      : `${place} rejected the credentials that are set for it (status ${status}).`;
  return { state: 'down', latencyMs, reason };
}

function authorizationOf(url: URL, { user, password, token }: WebServiceSettings): string | undefined {
  if (token !== undefined) return `Bearer ${token.reveal()}`;
  const name = user ?? percentDecoded(url.username);
  const secret = password?.reveal() ?? percentDecoded(url.password);
  if (name === '' && secret === '') return undefined;
  return `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
}

function secretsIn(url: URL, { password, token }: WebServiceSettings, authorization = ''): readonly string[] {
  const [, encoded = ''] = authorization.split(' ');
  const inAddress = [url.password, percentDecoded(url.password)];
  return [...inAddress, password?.reveal() ?? '', token?.reveal() ?? '', encoded].filter((secret) => secret !== '');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
