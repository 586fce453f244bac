import * as z from 'zod';
import { asksFor } from '../expectations/expectations.ts';
import { judge } from '../expectations/verdict.ts';
import { type CheckResult, defineMonitor } from '../monitor-type.ts';
import { DIALECT_CHOICES, type DialectChoice } from '../parts/dialect-choice.ts';
import { type Answered, answerOf, judged, requestOnce } from '../protocols/http-answer.ts';
import { checkTogether, HTTP_PLACEHOLDERS, requestKeys, webAddress } from '../protocols/http-keys.ts';
import { type HttpPlan, planRequest } from '../protocols/http-plan.ts';
import { sentSecrets } from '../protocols/sent-secrets.ts';

const HttpSettings = z
  .strictObject({
    http: webAddress(),
    ...requestKeys(HTTP_PLACEHOLDERS),
    dialect: z
      .enum(DIALECT_CHOICES)
      .default('none')
      .describe(
        'How the answer says how its parts are: `auto` finds out, `none` does not read it. Default none, and auto for ' +
          'the `health` address of a service.',
      ),
  })
  .superRefine(checkTogether('http'));
type HttpSettings = z.output<typeof HttpSettings>;

export const http = defineMonitor({
  type: 'http',
  summary: 'Requests a web address and looks at status, time, certificate and body of the answer.',
  example: [
    'home:',
    '  http: https://shop.example/health',
    '  expect:',
    '    down: ["[STATUS] == any(200, 204)", "has([BODY].errors) == false"]',
    '    degraded: ["[RESPONSE_TIME] < 800ms", "[CERTIFICATE_EXPIRATION] > 14d", "len([BODY].queue) < 100"]',
  ].join('\n'),
  testedAgainst: 'Node 26 servers',
  settings: HttpSettings,
  target: (settings) => planOf(settings).place,
  async check(settings, io) {
    const plan = planOf(settings);
    const asked = await requestOnce(plan, plan.request, io);
    if ('failure' in asked) return asked.failure;
    const { expect } = plan;
    const result = judged(plan, asked, expect && judge(expect, answerOf(plan, asked)));
    return settings.dialect === 'none' ? result : withDialect(result, { plan, asked, choice: settings.dialect });
  },
});

const plans = new WeakMap<HttpSettings, HttpPlan>();

function planOf(settings: HttpSettings): HttpPlan {
  const plan =
    plans.get(settings) ??
    planRequest(settings.http, settings, settings.dialect !== 'none' || asksFor(settings.expect, 'BODY'));
  plans.set(settings, plan);
  return plan;
}

interface Read {
  readonly plan: HttpPlan;
  readonly asked: Answered;
  readonly choice: DialectChoice;
}

/** Only here is it loaded how to read what programs say of themselves. */
async function withDialect(own: CheckResult, { plan, asked, choice }: Read): Promise<CheckResult> {
  const { withHealth } = await import('../parts/health-reading.ts');
  const { status, headers } = asked.response;
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const secrets = sentSecrets(asked.sent);
  return withHealth(own, { place: plan.place, status, type, text: asked.observed.body ?? '', secrets }, choice);
}
