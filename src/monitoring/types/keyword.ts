import * as z from 'zod';
import { judge } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor } from '../monitor-type.ts';
import { type Answered, answerOf, judged, requestOnce } from '../protocols/http-answer.ts';
import { checkTogether, HTTP_PLACEHOLDERS, requestKeys, webAddress } from '../protocols/http-keys.ts';
import { type HttpPlan, planRequest } from '../protocols/http-plan.ts';
import { shown } from '../protocols/shown.ts';

const TEXTS_MAX = 20;
const CHARS_MAX = 1_000;

const KeywordSettings = z
  .strictObject({
    keyword: webAddress(),
    contains: texts().describe('Text that must stand in the answer, or a list of such texts.'),
    lacks: texts().describe('Text that must not stand in the answer, or a list of such texts.'),
    ignore_case: z.boolean().default(false).describe('Whether `A` and `a` are the same. Default false.'),
    ...requestKeys(HTTP_PLACEHOLDERS),
  })
  .superRefine(checkTogether('keyword'))
  .refine(({ contains, lacks }) => contains.length + lacks.length > 0, {
    path: ['contains'],
    message: 'Expected `contains`, `lacks` or both.',
  });
type KeywordSettings = z.output<typeof KeywordSettings>;

export const keyword = defineMonitor({
  type: 'keyword',
  summary:
    'Requests a web address and looks for text that must, or must not, stand in the first megabyte of the answer.',
  example: 'shop-page: { keyword: "https://shop.example/", contains: Add to cart, lacks: [Fatal error, Maintenance] }',
  testedAgainst: 'Node 26 servers',
  settings: KeywordSettings,
  target: (settings) => planOf(settings).place,
  async check(settings, io) {
    const plan = planOf(settings);
    const asked = await requestOnce(plan, plan.request, io);
    if ('failure' in asked) return asked.failure;
    const { expect } = plan;
    const result = judged(plan, asked, expect && judge(expect, answerOf(plan, asked)));
    return result.state === 'down' ? result : lookedThrough(result, settings, plan, asked);
  },
});

const plans = new WeakMap<KeywordSettings, HttpPlan>();

function planOf(settings: KeywordSettings): HttpPlan {
  const plan = plans.get(settings) ?? planRequest(settings.keyword, settings, true);
  plans.set(settings, plan);
  return plan;
}

function lookedThrough(
  result: CheckResult,
  { contains, lacks, ignore_case: ignoresCase }: KeywordSettings,
  { place }: HttpPlan,
  { response, observed }: Answered,
): CheckResult {
  const { 'content-encoding': coding = 'identity' } = response.headers;
  if (coding.toLowerCase() !== 'identity' && response.body.length > 0) {
    const complaint = `with a compressed page (${shown(coding)}), though it was asked for a plain one.`;
    return { ...result, state: 'down', reason: `${place} answered ${response.status} ${complaint}` };
  }
  const folded = (text: string) => (ignoresCase ? text.toLowerCase() : text);
  const body = folded(observed.body ?? '');
  const missing = contains.filter((text) => !body.includes(folded(text)));
  const present = lacks.filter((text) => body.includes(folded(text)));
  if (missing.length + present.length === 0) return result;

  const where = response.isTruncated ? ' in the first megabyte' : '';
  const complaints = [
    ...(missing.length > 0 ? [`without ${listed(missing)}${where}`] : []),
    ...(present.length > 0 ? [`with ${listed(present)}, which must not be there`] : []),
  ];
  return { ...result, state: 'down', reason: `${place} answered ${response.status} ${complaints.join(', and ')}.` };
}

const NAMED_MAX = 3;

function listed(missing: readonly string[]): string {
  const named = missing.slice(0, NAMED_MAX).map(shown);
  const others = missing.length - named.length;
  return [...named, ...(others > 0 ? [`${others} more`] : [])].join(' and ');
}

function texts() {
  const text = z.string().min(1, 'Expected a text that is not empty.').max(CHARS_MAX);
  return z
    .union([text, z.array(text).min(1).max(TEXTS_MAX)])
    .optional()
    .transform((written) => [written ?? []].flat());
}
