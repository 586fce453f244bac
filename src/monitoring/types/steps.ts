import * as z from 'zod';
import { defineMonitor } from '../monitor-type.ts';
import { planSuite, runSuite, type Suite } from '../steps/run.ts';
import { Steps } from '../steps/step.ts';

const StepsSettings = z.strictObject({
  steps: Steps.describe(
    'Requests that are made in this order, under one `timeout`. Each takes the keys of `http`, and `name`, `keep` and ' +
      '`always`. The first that fails ends them.',
  ),
});
type StepsSettings = z.output<typeof StepsSettings>;

export const steps = defineMonitor({
  type: 'steps',
  summary: 'Makes several web requests in order, as a visitor would, and carries values from one to the next.',
  example: [
    'checkout:',
    '  steps:',
    '    - name: log in',
    '      http: https://shop.example/login',
    '      method: POST',
    '      headers: { Content-Type: application/json }',
    '      body: \'{"user": "probe"}\'',
    '      expect: ["[STATUS] == 200"]',
    '      keep: { token: "[BODY].token" }',
    '    - name: see the cart',
    '      http: https://shop.example/cart',
    '      headers: { Authorization: "Bearer [CONTEXT].token" }',
    '      expect: ["[STATUS] == 200", "has([BODY].items) == true"]',
    '    - { name: log out, http: "https://shop.example/logout?token=[CONTEXT].token", method: POST, always: true }',
  ].join('\n'),
  testedAgainst: 'Node 26 servers',
  settings: StepsSettings,
  target(settings) {
    const suite = suiteOf(settings);
    return `${suite[0]?.http.place} (${suite.length === 1 ? '1 step' : `${suite.length} steps`})`;
  },
  check: (settings, io) => runSuite(suiteOf(settings), io),
});

const suites = new WeakMap<StepsSettings, Suite>();

function suiteOf(settings: StepsSettings): Suite {
  const suite = suites.get(settings) ?? planSuite(settings.steps);
  suites.set(settings, suite);
  return suite;
}
