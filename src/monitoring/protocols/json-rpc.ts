import * as z from 'zod';
import type { CheckResult, ProbeIo } from '../monitor-type.ts';
import {
  consult,
  quoted,
  type WebAnswer,
  type WebService,
  type WebServiceSettings,
  webServiceOf,
} from './web-service.ts';

const SECRET_CHARS_MIN = 8;

export interface Call<T> {
  /** 2.0 as https://www.jsonrpc.org/specification has it, or 1.0 as before. */
  readonly version: '1.0' | '2.0';
  readonly method: string;
  readonly params: readonly unknown[];
  readonly shape: z.ZodType<T>;
}

export type Replied<T> =
  | { readonly result: T; readonly answer: WebAnswer }
  | { readonly refusal: { readonly code: number; readonly message: string }; readonly answer: WebAnswer }
  | { readonly failure: CheckResult };

export interface RpcService extends WebService {
  /** Where calls are sent, with its query. */
  readonly path: string;
}

/** Providers put the key of their customer into the path or the query: only the host is shown. */
export function rpcServiceOf(
  address: Parameters<typeof webServiceOf>[0],
  product: string,
  settings: WebServiceSettings,
): RpcService {
  const service = webServiceOf(address, product, settings);
  const { host, origin, pathname, search, searchParams } = new URL(address.reveal());
  const keys = [...pathname.split('/'), ...searchParams.values()].filter(({ length }) => length >= SECRET_CHARS_MIN);
  const path = pathname + search;
  return { ...service, base: origin, place: host, path, secrets: [...service.secrets, ...keys] };
}

/** One call. That the other side refuses it is an answer too. */
export async function call<T>(
  service: RpcService,
  { version, method, params, shape }: Call<T>,
  io: ProbeIo,
): Promise<Replied<T>> {
  const reply = z.union([
    z.object({ error: z.object({ code: z.number(), message: z.string() }) }),
    z.object({ result: shape }),
  ]);
  const json = { jsonrpc: version, id: 1, method, params };
  const asked = await consult(service, { method: 'POST', path: service.path, json }, reply, io);
  if ('failure' in asked) return asked;
  const { answer, content } = asked;
  return 'error' in content ? { refusal: content.error, answer } : { result: content.result, answer };
}

/** A call that has to succeed, or it is down. */
export function succeeded<T>(
  service: WebService,
  method: string,
  replied: Replied<T>,
): { readonly result: T; readonly answer: WebAnswer } | { readonly failure: CheckResult } {
  if (!('refusal' in replied)) return replied;
  const { refusal, answer } = replied;
  const reason = `${service.place} could not answer ${method}: ${quoted(service, refusal.message)}.`;
  return { failure: { state: 'down', latencyMs: answer.latencyMs, reason } };
}
