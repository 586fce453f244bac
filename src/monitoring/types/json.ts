import * as z from 'zod';
import type { HttpResponse } from '../../kernel/net.ts';
import { judge } from '../expectations/verdict.ts';
import { defineMonitor } from '../monitor-type.ts';
import { answerOf, judged, requestOnce } from '../protocols/http-answer.ts';
import { checkTogether, HTTP_PLACEHOLDERS, requestKeys, webAddress } from '../protocols/http-keys.ts';
import { type HttpPlan, planRequest } from '../protocols/http-plan.ts';
import { demandKeys, isOneDemand, judgeValue } from '../protocols/json-demand.ts';

const JsonSettings = z
  .strictObject({ json: webAddress(), ...demandKeys(), ...requestKeys(HTTP_PLACEHOLDERS) })
  .superRefine(checkTogether('json'))
  .refine(isOneDemand, {
    path: ['path'],
    message: 'Expected exactly one of `equals`, `contains`, `above`, `below` and `exists` beside it.',
  });
type JsonSettings = z.output<typeof JsonSettings>;

export const json = defineMonitor({
  type: 'json',
  summary: 'Requests a web address and compares one value of the JSON that it answers; a number is kept as `value`.',
  example: 'waiting-orders: { json: "https://shop.example/stats", path: "queues[0].waiting", below: 100 }',
  testedAgainst: 'Node 26 servers',
  settings: JsonSettings,
  target: (settings) => planOf(settings).place,
  async check(settings, io) {
    const plan = planOf(settings);
    const asked = await requestOnce(plan, plan.request, io);
    if ('failure' in asked) return asked.failure;
    const { expect, place } = plan;
    const answer = answerOf(plan, asked);
    const result = judged(plan, asked, expect && judge(expect, answer));
    if (result.state === 'down') return result;
    // What is not JSON has no values at all, which is not what `exists: false` is after.
    if (!isJson(asked.observed.body ?? '')) {
      return { ...result, state: 'down', reason: `${place} ${complaintAbout(asked.response)}` };
    }
    return judgeValue(result, settings, answer, place);
  },
});

const plans = new WeakMap<JsonSettings, HttpPlan>();

function planOf(settings: JsonSettings): HttpPlan {
  const plan = plans.get(settings) ?? planRequest(settings.json, settings, true);
  plans.set(settings, plan);
  return plan;
}

function complaintAbout({ status, isTruncated }: HttpResponse): string {
  return isTruncated
    ? `answered ${status} with more than a megabyte, too long to look for a value in.`
    : `answered ${status} with something that is not JSON.`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
