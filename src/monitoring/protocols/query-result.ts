import * as z from 'zod';
import type { CheckResult, ProbeIo } from '../monitor-type.ts';
import { consult, type Question, quoted, type WebAnswer, type WebService } from './web-service.ts';

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** When, and how much: infinity is spelt `Inf`, and what is no number `NaN`. */
const Sample = z.tuple([z.number(), z.string()]).transform(([, value]) => Number(value.replace('Inf', 'Infinity')));
const Vector = z.object({ metric: z.record(z.string(), z.string()), value: Sample });

const QueryResult = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('vector'), result: z.array(Vector) }),
      z.object({ resultType: z.literal('scalar'), result: Sample }),
      z.object({ resultType: z.enum(['string', 'matrix', 'streams']) }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

/**
 * The answer to a query at this moment, in the form that Prometheus gave it and others took over
 * (https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries). No series for what is not numbers.
 */
export async function query(
  service: WebService,
  question: Question,
  io: ProbeIo,
): Promise<{ readonly series: readonly Series[]; readonly answer: WebAnswer } | { readonly failure: CheckResult }> {
  const asked = await consult(service, question, QueryResult, io);
  if ('failure' in asked) return asked;
  const { answer, content } = asked;
  if (content.status === 'error') {
    const reason = `${service.place} could not answer the query: ${quoted(service, content.error)}.`;
    return { failure: { state: 'down', latencyMs: answer.latencyMs, reason } };
  }
  const { data } = content;
  if (data.resultType === 'vector') {
    return { answer, series: data.result.map(({ metric, value }) => ({ labels: metric, value })) };
  }
  return { answer, series: data.resultType === 'scalar' ? [{ labels: {}, value: data.result }] : [] };
}

/** What thresholds can be set on: a single number that is one. */
export function readingOf([first, ...others]: readonly Series[]): { readonly query?: number } {
  const isOne = first !== undefined && others.length === 0 && Number.isFinite(first.value);
  return isOne ? { query: first.value } : {};
}
