import type { Answer } from '../expectations/answer.ts';
import { printSide } from '../expectations/condition.ts';
import { asksFor } from '../expectations/expectations.ts';
import { asText } from '../expectations/show.ts';
import { judge } from '../expectations/verdict.ts';
import type { CheckResult, ConditionOutcome, ProbeIo } from '../monitor-type.ts';
import { answerOf, judged, requestOnce } from '../protocols/http-answer.ts';
import { HEADER_VALUE } from '../protocols/http-keys.ts';
import { type HttpPlan, planRequest } from '../protocols/http-plan.ts';
import { type Step, usesOf } from './step.ts';
import { fillAddress, fillBody, type Template, templateOf } from './template.ts';

interface PlannedStep {
  readonly step: Step;
  /** Its `place` shows the names of kept values, never the values. */
  readonly http: HttpPlan;
  readonly uses: readonly string[];
  readonly address: Template;
  readonly headers: readonly (readonly [string, Template])[];
  readonly body: Template | undefined;
}

/** What can be worked out before the first check. */
export type Suite = readonly PlannedStep[];

export function planSuite(steps: readonly Step[]): Suite {
  return steps.map((step) => {
    const keepsBody = Object.values(step.keep ?? {}).some(({ placeholder }) => placeholder === 'BODY');
    const http = planRequest(step.http, step, keepsBody || asksFor(step.expect, 'BODY'));
    const { url, headers = {}, body } = http.request;
    return {
      step,
      http,
      uses: usesOf(step).map(({ name }) => name),
      address: templateOf(url),
      headers: Object.entries(headers).map(([name, value]) => [name, templateOf(value)] as const),
      body: typeof body === 'string' ? templateOf(body) : undefined,
    };
  });
}

/**
 * The steps one after the other under one deadline. The first that is down ends the suite, but for those that are
 * `always` done; these are left out when what they need was never kept.
 */
export async function runSuite(suite: Suite, io: ProbeIo): Promise<CheckResult> {
  const kept = new Map<string, unknown>();
  const done: { readonly name: string; readonly result: CheckResult }[] = [];
  for (const planned of suite) {
    const { step, uses } = planned;
    const hasFailed = done.some(({ result }) => result.state === 'down');
    if (hasFailed && (!step.always || io.signal.aborted || !uses.every((name) => kept.has(name)))) continue;
    done.push({ name: step.name, result: await runStep(planned, kept, io) });
  }
  return together(done);
}

async function runStep(planned: PlannedStep, kept: Map<string, unknown>, io: ProbeIo): Promise<CheckResult> {
  const filled = fill(planned, kept);
  if ('misfit' in filled) return { state: 'down', reason: filled.misfit };
  const asked = await requestOnce(planned.http, filled.request, io);
  if ('failure' in asked) return asked.failure;

  const answer = answerOf(planned.http, { ...asked, observed: { ...asked.observed, context: kept } });
  // First, for what is kept must not be shown by the conditions of this very step.
  const missing = keep(planned.step, answer, kept);
  const { expect } = planned.http;
  const result = judged(planned.http, asked, expect && judge(expect, answer));
  return missing === undefined || result.state === 'down'
    ? result
    : { ...result, state: 'down', reason: `${planned.http.place}: ${missing}` };
}

/** More than any token has. It may be sent thousands of times in one request. */
const KEPT_CHARS_MAX = 8_192;

function problemWith(value: unknown): string | undefined {
  return asText(value).length > KEPT_CHARS_MAX ? `is longer than ${KEPT_CHARS_MAX} characters` : undefined;
}

/** Also of an answer that is not as expected: what was begun may have to be tidied up. */
function keep({ keep: wanted = {} }: Step, answer: Answer, kept: Map<string, unknown>): string | undefined {
  const missing: string[] = [];
  for (const [name, reference] of Object.entries(wanted)) {
    const found = answer.of(reference);
    const problem = found.isKnown ? problemWith(found.value) : found.problem;
    if (found.isKnown && problem === undefined) kept.set(name, found.value);
    else missing.push(`${printSide(reference)} ${problem}, so nothing was kept as ${name}.`);
  }
  return missing.length === 0 ? undefined : missing.join(' ');
}

type Filled = { readonly request: HttpPlan['request'] } | { readonly misfit: string };

function fill({ http, address, headers, body }: PlannedStep, kept: ReadonlyMap<string, unknown>): Filled {
  const { request, place } = http;
  const url = fillAddress(request.url, address, kept);
  if (url === undefined) return misfit(address, `the address of ${place}`);
  const filled: Record<string, string> = {};
  for (const [name, template] of headers) {
    const value = template.fill(kept, asText);
    if (!HEADER_VALUE.test(value)) return misfit(template, `the header ${name} for ${place}`);
    filled[name] = value;
  }
  const sent = body && fillBody(body, kept);
  return { request: { ...request, url, headers: filled, ...(sent !== undefined && { body: sent }) } };
}

function misfit({ names }: Template, where: string): Filled {
  return { misfit: `What was kept as ${names.join(' and ')} cannot stand in ${where}.` };
}

interface Done {
  readonly name: string;
  readonly result: CheckResult;
}

function together(done: readonly Done[]): CheckResult {
  const latencies = done.flatMap(({ result }) => result.latencyMs ?? []);
  const conditions = done.flatMap(conditionsOf);
  const findings = {
    ...(latencies.length > 0 && { latencyMs: latencies.reduce((sum, ms) => sum + ms, 0) }),
    ...(conditions.length > 0 && { conditions }),
  };
  for (const state of ['down', 'degraded'] as const) {
    const reasons = done.flatMap(({ name, result }) =>
      result.state === state && 'reason' in result ? [`Step ${name}: ${result.reason}`] : [],
    );
    if (reasons.length > 0) return { ...findings, state, reason: reasons.join(' ') };
  }
  return { ...findings, state: 'up' };
}

function conditionsOf({ name, result: { conditions = [] } }: Done): readonly ConditionOutcome[] {
  return conditions.map((outcome) => ({ ...outcome, condition: `${name}: ${outcome.condition}` }));
}
